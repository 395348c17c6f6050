using System.Reflection;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>A body that replaces the root of the operation.</summary>
internal sealed record RootRequest(Root Root, ConfigObject Given) : IBindableFromHttpContext<RootRequest>, IEndpointParameterMetadataProvider
{
    public static ValueTask<RootRequest?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(UncheckedBody.Read<ConfigObject>(context) is { } given ? new RootRequest(RootOperations.RootOf(context), given) : null);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new BodyMetadata(typeof(RootDocument)));

    /// <summary>The change that the body comes to, or what is wrong with it.</summary>
    public SettingsProposal<IReadOnlyList<Violation>> Propose(PresentSettings present) => present.Propose(Root, "root", Given, Root.Completion);
}

/// <summary>A body that replaces all roots of the global zone.</summary>
internal sealed record GlobalZoneRequest(ConfigObject Given) : IBindableFromHttpContext<GlobalZoneRequest>, IEndpointParameterMetadataProvider
{
    public static ValueTask<GlobalZoneRequest?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(UncheckedBody.Read<ConfigObject>(context) is { } given ? new GlobalZoneRequest(given) : null);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new BodyMetadata(typeof(GlobalZoneDocument)));

    /// <summary>The changes that the body comes to. Of several wrong roots the first is told, as EMQX does.</summary>
    public SettingsProposal<IReadOnlyList<Violation>> Propose(PresentSettings present)
    {
        var problems = new List<Violation>();
        var changes = new List<SettingsChange>();
        foreach (var root in present.Catalogue.Zone)
        {
            if (Given[root.Name] is not { } values || values is ConfigNull)
                problems.Add(Violation.Required(root.Name));
            else if (present.Change(root, root.Name, values, Completion.Defaults, problems) is { } change)
                changes.Add(change);
            if (problems.Count > 0)
                return new(problems);
        }

        var unknown = Given.Names.Except(present.Catalogue.Zone.Select(root => root.Name)).ToArray();
        return unknown.Length > 0 ? new([Violation.Unknown("root", unknown, [])]) : new(changes, []);
    }
}
