namespace Memoize.Memcached.Protocol;

/// <summary>What came is no answer of the meta protocol, or not the one that is due: the connection cannot be used any longer.</summary>
internal sealed class ProtocolViolationException(string message) : Exception(message);
