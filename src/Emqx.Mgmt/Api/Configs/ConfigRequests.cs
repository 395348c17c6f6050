using System.Reflection;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>A body that replaces one root, checked.</summary>
internal sealed record RootRequest<T>(SettingsChange Change) : IBindableFromHttpContext<RootRequest<T>>, IEndpointParameterMetadataProvider
    where T : IRootDocument
{
    public static ValueTask<RootRequest<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (ConfigBody.Read(context) is not { } given)
            return default;
        var running = context.RequestServices.GetRequiredService<RunningConfiguration>();
        var problems = new List<SettingsProblem>();
        var change = ConfigBody.Complete(T.Root, "root", given, T.Completion, running, problems);
        if (change is not null)
            return new(new RootRequest<T>(change));
        RequestInput.Of(context).Failure = Failure.BadRequest.Because(SettingsProblem.ToJson(problems));
        return default;
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new BodyMetadata(typeof(T)));
}

/// <summary>A body that replaces all roots of the global zone, checked. Of several wrong roots the first is told, as EMQX does.</summary>
internal sealed record GlobalZoneRequest(IReadOnlyList<SettingsChange> Changes) : IBindableFromHttpContext<GlobalZoneRequest>, IEndpointParameterMetadataProvider
{
    public static ValueTask<GlobalZoneRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (ConfigBody.Read(context) is not { } given)
            return default;
        var problems = new List<SettingsProblem>();
        var changes = Check(given, context.RequestServices.GetRequiredService<RunningConfiguration>(), problems);
        if (problems.Count == 0)
            return new(new GlobalZoneRequest(changes));
        RequestInput.Of(context).Failure = Failure.BadRequest.Because(SettingsProblem.ToJson(problems));
        return default;
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new BodyMetadata(typeof(GlobalZoneDocument)));

    private static List<SettingsChange> Check(ConfigObject given, RunningConfiguration running, List<SettingsProblem> problems)
    {
        var changes = new List<SettingsChange>();
        foreach (var root in SettingsCatalogue.Zone)
        {
            if (problems.Count > 0)
                return changes;
            if (given[root] is null or ConfigNull)
                problems.Add(SettingsProblem.Required(root));
            else if (ConfigBody.Complete(root, root, given[root]!, Completion.Defaults, running, problems) is { } change)
                changes.Add(change);
        }

        var unknown = given.Names.Where(name => !SettingsCatalogue.Zone.Contains(name)).ToArray();
        if (problems.Count == 0 && unknown.Length > 0)
            problems.Add(SettingsProblem.Unknown("root", unknown, []));
        return changes;
    }
}

/// <summary>Reads and checks bodies that hold configuration.</summary>
internal static class ConfigBody
{
    /// <summary>The body's object; null after a failure, which the request's input then has.</summary>
    public static ConfigObject? Read(HttpContext context)
    {
        var input = RequestInput.Of(context);
        if (input.Failure is not null)
            return null;
        var body = input.IsForeign ? null : ConfigJson.Parse(input.Bytes);
        if (body is ConfigObject given)
            return given;
        input.Failure = body is null or ConfigText
            ? Failure.UnsupportedMediaType.Because("content-type:application/json Required")
            : Failure.BadRequest.Because("Invalid json message received");
        return null;
    }

    /// <summary>The change that a request asks for; null where problems were added.</summary>
    /// <param name="path">What paths in problems begin with.</param>
    public static SettingsChange? Complete(string root, string path, ConfigValue given, Completion completion, RunningConfiguration running,
        List<SettingsProblem> problems)
    {
        var kind = SettingsCatalogue.KindOf(root)!;
        var requested = kind.Unmasked(given, running[root]);
        if (requested is ConfigObject fields)
        {
            requested = completion switch
            {
                Completion.Present => running[root].MergedWith(fields),
                Completion.Sections => WithSections(fields, running[root]),
                _ => fields,
            };
        }

        return kind.Check(requested, path, problems) is { } made ? new SettingsChange(root, requested, made) : null;
    }

    private static ConfigObject WithSections(ConfigObject given, ConfigObject present)
    {
        foreach (var (name, section) in present)
        {
            if (section is ConfigObject && given[name] is null or ConfigNull)
                given = given.With(name, section);
        }

        return given;
    }
}
