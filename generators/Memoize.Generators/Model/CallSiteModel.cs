using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>One call to a cached method.</summary>
/// <param name="Line">The line of the call, from 1.</param>
/// <param name="Attribute">The interceptor attribute, ready to print.</param>
/// <param name="Forwarder">The method that takes the call.</param>
internal sealed record CallSiteModel(int Line, string Attribute, ForwarderModel Forwarder);

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
/// <param name="File">The path of the user's file, as the compiler knows it.</param>
/// <param name="ContentHash">What was in the file: the locations of its calls hold for exactly that text.</param>
/// <param name="Sites">Its calls, in the order of the text.</param>
internal sealed record CallSiteFileModel(string File, string ContentHash, EquatableArray<CallSiteModel> Sites);
