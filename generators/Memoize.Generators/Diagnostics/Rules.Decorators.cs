using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// Generated decorators of interfaces.
internal static partial class Rules
{
    /// <summary>The attribute on an interface member and on its implementation.</summary>
    public static readonly DiagnosticDescriptor TwoDoors = Error(
        "MEMO0901",
        "A method is cached twice",
        "'{0}' is cached, and so is '{1}', which it implements: a call through the interface would ask two caches, and an eviction would have to find both; remove one of the two attributes");

    /// <summary>An interface of which no decorator can be made.</summary>
    public static readonly DiagnosticDescriptor NoDecorator = Error(
        "MEMO0902",
        "No decorator can be generated for this interface",
        "No decorator can be generated for '{0}': {1}");

    /// <summary>An attribute of the assembly that names nothing that can be cached.</summary>
    public static readonly DiagnosticDescriptor DecoratorAttribute = Error(
        "MEMO0903",
        "This attribute of a decorator does not fit",
        "{0} does not fit: {1}");

    /// <summary>An interface that inherits cached members, and whose registrations nothing stands before.</summary>
    public static readonly DiagnosticDescriptor InheritedWithoutDecorator = Warning(
        "MEMO0904",
        "An interface inherits cached members and has no decorator",
        "'{0}' inherits '{1}' and has no decorator, so that whoever is given it gets no cache: {2}");
}
