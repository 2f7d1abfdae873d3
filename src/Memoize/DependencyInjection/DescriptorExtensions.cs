using Microsoft.Extensions.DependencyInjection;

namespace Memoize.DependencyInjection;

internal static class DescriptorExtensions
{
    /// <summary>The same registration with another way to make its instances.</summary>
    public static ServiceDescriptor With(this ServiceDescriptor descriptor, Func<IServiceProvider, object> factory)
        => descriptor.IsKeyedService
            ? ServiceDescriptor.DescribeKeyed(descriptor.ServiceType, descriptor.ServiceKey, (provider, _) => factory(provider), descriptor.Lifetime)
            : ServiceDescriptor.Describe(descriptor.ServiceType, factory, descriptor.Lifetime);
}
