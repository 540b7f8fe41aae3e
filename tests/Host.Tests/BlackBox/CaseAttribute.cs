using Xunit.Abstractions;
using Xunit.Sdk;

namespace Supervisor.Host.Tests.BlackBox;

/// <summary>The acceptance case that a test holds, as docs/cases.md names it. <c>dotnet test --filter case=A5</c> runs it alone.</summary>
[TraitDiscoverer("Supervisor.Host.Tests.BlackBox." + nameof(CaseDiscoverer), "Supervisor.Host.Tests")]
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class CaseAttribute(string id) : Attribute, ITraitAttribute
{
    public string Id => id;
}

public sealed class CaseDiscoverer : ITraitDiscoverer
{
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) =>
        [new("case", (string)traitAttribute.GetConstructorArguments().Single())];
}
