using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Reads of who is calling: the request, the user, the tenant, and what flows with the caller's context or thread.</summary>
internal static class Callers
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "Microsoft.AspNetCore.Http.IHttpContextAccessor.HttpContext",
        "Microsoft.AspNetCore.Http.HttpContextAccessor.HttpContext",
        "Microsoft.AspNetCore.Mvc.ControllerBase.User",
        "Microsoft.AspNetCore.Mvc.ControllerBase.HttpContext",
        "Microsoft.AspNetCore.Mvc.ControllerBase.Request",
        "Microsoft.AspNetCore.Mvc.RazorPages.PageModel.User",
        "Microsoft.AspNetCore.Mvc.RazorPages.PageModel.HttpContext",
        "Microsoft.AspNetCore.Mvc.RazorPages.PageModel.Request",
        "Microsoft.AspNetCore.Mvc.ViewComponent.User",
        "Microsoft.AspNetCore.Mvc.ViewComponent.HttpContext",
        "Microsoft.AspNetCore.Mvc.ViewComponent.Request",
        "Microsoft.AspNetCore.SignalR.Hub.Context",
        "Microsoft.AspNetCore.Components.Authorization.AuthenticationStateProvider.GetAuthenticationStateAsync",
        "System.Web.HttpContext.Current",
        "System.Web.Mvc.Controller.User",
        "System.Web.Mvc.Controller.HttpContext",
        "System.Web.Mvc.Controller.Request",
        "System.Web.Http.ApiController.User",
        "System.Web.Http.ApiController.Request",
        "System.ServiceModel.OperationContext.Current",
        "System.Security.Claims.ClaimsPrincipal.Current",
        "System.Security.Principal.WindowsIdentity.GetCurrent",
        "System.Threading.Thread.CurrentPrincipal",
        "System.Threading.AsyncLocal`1.Value",
        "System.Threading.ThreadLocal`1.Value",
    };

    // ICurrentUser, ITenantContext, IAbpSession…: how programs name what they put in front of the above.
    private static readonly string[] Accessors =
    [
        "CurrentUser", "CurrentTenant", "CurrentPrincipal", "CurrentCustomer", "CurrentAccount", "CurrentIdentity", "CurrentOrganization", "CurrentOrganisation",
        "TenantContext", "TenantAccessor", "TenantProvider", "TenantResolver", "UserContext", "UserAccessor", "UserIdentity", "WorkContext", "AbpSession",
        "RequestContext", "CallerContext", "SecurityContext", "LoggedInUser",
    ];

    private static readonly string[] Answers = ["Id", "Name", "Tenant", "User", "Email", "Claim", "Identity"];

    // The request's services and its end are nobody's identity.
    private static readonly HashSet<string> Impersonal = new(StringComparer.Ordinal) { "RequestAborted", "RequestServices", "Response" };

    // What a trace is called is passed on from service to service, and is nobody's name either.
    private static readonly HashSet<string> TraceNames = new(StringComparer.Ordinal) { "Id", "TraceId", "SpanId", "ParentId", "ParentSpanId", "TraceStateString", "Context", "RootId" };

    public static IEnumerable<Finding> In(Body body)
    {
        foreach (var part in body.Parts)
        {
            foreach (var operation in part.Operations)
            {
                if (Find(operation, body) is { } finding
                    && !operation.IsDecided()
                    && !(part.Steps > 0 && LazyInit.IsOnce(operation))
                    && !IsImpersonal(operation)
                    && !Use.IsOnlyObserved(operation, body, isDuration: false))
                {
                    yield return finding with { Part = part };
                }
            }
        }
    }

    private static Finding? Find(IOperation operation, Body body)
    {
        switch (operation)
        {
            case IPropertyReferenceOperation { Property: var property } reference when operation.IsRead():
                return (IsKnown(property) && !IsScratch(property)) || IsAccessor(reference.InstanceOf(), property, property.Type) ? Member(operation, property) : Trace(operation, property);
            case IInvocationOperation { TargetMethod: var method } call:
                return IsKnown(method) || (IsQuestion(method) && IsAccessor(call.InstanceOf(), method, method.ReturnType)) ? Member(operation, method) : null;
            case IFieldReferenceOperation { Field: { IsStatic: true } field } when operation.IsRead() && IsOfThread(field) && !IsTool(field.Type) && !LazyInit.IsTarget(operation):
                return new Finding(operation, field.OriginalDefinition, $"the [ThreadStatic] field '{field.Name}'");
            default:
                return null;
        }
    }

    public static bool IsOfThread(IFieldSymbol field) => field.GetAttributes().Any(a => a.AttributeClass?.Name == nameof(ThreadStaticAttribute));

    // A buffer or generator per thread is there to be reused, not to say who is calling.
    private static bool IsScratch(IPropertySymbol property) => property.ContainingType.Name == "ThreadLocal" && IsTool(property.Type);

    private static bool IsTool(ITypeSymbol type) => type.TypeKind == TypeKind.Array
        || KnownTypes.MetadataName(type) is "System.Random" or "System.Text.StringBuilder"
        || (type.SpecialType != SpecialType.System_String && type.AllInterfaces.Any(i => i.SpecialType == SpecialType.System_Collections_IEnumerable))
        || ServiceTypes.IsService(type);

    private static Finding Member(IOperation operation, ISymbol member)
    {
        // Two AsyncLocals are two things to decide about.
        ISymbol? holder = member is { Name: "Value", ContainingNamespace.Name: "Threading" } ? (operation.InstanceOf() as IMemberReferenceOperation)?.Member : null;
        return new Finding(operation, (holder ?? member).OriginalDefinition, holder is null ? Finding.Quote(member) : $"the {member.ContainingType.Name} '{holder.Name}'");
    }

    /// <summary>Whether the member says who is calling, in any program.</summary>
    public static bool IsKnown(ISymbol member)
    {
        for (var type = member.ContainingType; type is not null; type = type.BaseType)
        {
            if (Known.Contains(KnownTypes.MetadataName(type) + "." + member.Name))
            {
                return true;
            }

            if (member.IsStatic)
            {
                return false;
            }
        }

        return false;
    }

    // Held by the instance or a static; one that is passed in is the caller's choice, and has a rule of its own.
    private static bool IsAccessor(IOperation? instance, ISymbol member, ITypeSymbol type) =>
        member is { IsStatic: false, ContainingType: { TypeKind: TypeKind.Interface } container }
        && (instance is IMemberReferenceOperation || instance is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } })
        && type.SpecialType != SpecialType.System_Void
        && !type.AllInterfaces.Any(i => i is { Name: "IQueryable" })
        && Accessors.Any(word => container.Name.Contains(word));

    // A question without an argument can only be about the caller; one for all tenants is not.
    private static bool IsQuestion(IMethodSymbol method)
    {
        if (method.IsGenericMethod || method.Parameters.Any(p => !KnownTypes.IsCancellationToken(p.Type)))
        {
            return false;
        }

        var name = method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name.Substring(0, method.Name.Length - 5) : method.Name;
        return name.Contains("Current") || name is "Resolve" or "Get" || Answers.Any(end => name.EndsWith(end, StringComparison.Ordinal));
    }

    // Baggage travels with the caller; so does the trace, but that only matters where it becomes part of the result.
    private static Finding? Trace(IOperation operation, IPropertySymbol property)
    {
        if (property is not { Name: "Current", IsStatic: true } || KnownTypes.MetadataName(property.ContainingType) != "System.Diagnostics.Activity")
        {
            return null;
        }

        var read = Asked(operation);
        return read is IPropertyReferenceOperation { Property.Name: var name } && TraceNames.Contains(name) && IsPassedOn(read)
            ? null
            : Member(operation, property);
    }

    private static bool IsPassedOn(IOperation value)
    {
        for (var current = value.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IArgumentOperation { Parent: IInvocationOperation }:
                    return true;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                    var uses = value.Root().Descendants().OfType<ILocalReferenceOperation>().Where(use => SymbolEqualityComparer.Default.Equals(use.Local, local)).ToList();
                    return uses.TrueForAll(use => use.Parent is IArgumentOperation { Parent: IInvocationOperation });
                case IReturnOperation or IVariableInitializerOperation or IAssignmentOperation or IObjectCreationOperation or IBlockOperation:
                    return false;
            }
        }

        return false;
    }

    private static bool IsImpersonal(IOperation operation) => Asked(operation) is IPropertyReferenceOperation { Property.Name: var name } && Impersonal.Contains(name);

    // The member that is asked of the value, through ?. and ! too.
    private static IOperation? Asked(IOperation operation)
    {
        while (operation.Parent is IConversionOperation or IParenthesizedOperation)
        {
            operation = operation.Parent;
        }

        return operation.Parent switch
        {
            IConditionalAccessOperation access when access.Operation == operation =>
                access.WhenNotNull.DescendantsAndSelf().FirstOrDefault(o => o is IConditionalAccessInstanceOperation)?.Parent,
            IPropertyReferenceOperation property => property,
            _ => null,
        };
    }
}
