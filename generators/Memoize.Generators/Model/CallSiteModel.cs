using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>One call to a cached method.</summary>
/// <param name="File">The path of the user's file, as the compiler knows it.</param>
/// <param name="ContentHash">The content of that file: two equal files cannot be told apart by interceptors.</param>
/// <param name="Line">The line of the call, from 1.</param>
/// <param name="Attribute">The interceptor attribute, ready to print.</param>
/// <param name="Forwarder">The method that takes the call.</param>
internal sealed record CallSiteModel(string File, string ContentHash, int Line, string Attribute, ForwarderModel Forwarder);

/// <summary>The interceptor of one cached method, in one file.</summary>
/// <param name="Name">The name of the method.</param>
/// <param name="ReturnType">Its return type.</param>
/// <param name="TypeParameters">Those of the declaring types, outermost first, then its own.</param>
/// <param name="Parameters">The parameter list, receiver first.</param>
/// <param name="Invocation">The call of the cell that it forwards to.</param>
internal sealed record ForwarderModel(
    string Name,
    string ReturnType,
    EquatableArray<TypeParameterModel> TypeParameters,
    string Parameters,
    string Invocation);

/// <summary>The calls in one file.</summary>
internal sealed record CallSiteFileModel(string File, EquatableArray<CallSiteModel> Sites);
