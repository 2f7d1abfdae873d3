namespace Memoize.Generators.Model;

/// <summary>A value of the caller's surroundings that is part of the key.</summary>
/// <param name="Name">What generated code calls it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Source">The expression that reads it.</param>
internal sealed record AmbientModel(string Name, string Type, string Source);
