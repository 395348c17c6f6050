using System.Reflection;
using Emqx.Broker.Modules.Rewrite;
using Emqx.Broker.Modules.SlowSubs;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Records;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Configs;
using Emqx.Mgmt.Api.Listeners;
using Emqx.Mgmt.Api.Rewrite;
using Emqx.Mgmt.Api.SlowSubs;
using Emqx.Mgmt.Tests.Api.Whole;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Mgmt.Tests.Api.WrongRequests;

/// <summary>What the body of an operation is held against.</summary>
/// <param name="Kind">Open where nothing is known of its fields.</param>
/// <param name="IsConfiguration">It is read as configuration is, which differs a little from how requests are.</param>
internal sealed record BodyForm(ValueKind Kind, bool IsConfiguration)
{
    /// <summary>Of several violations the first is told, and fields that are not known do not matter.</summary>
    public bool IsPlain { get; private init; }

    public bool TakesNumbersForTexts { get; private init; } = true;

    /// <summary>The form of an operation's body; null where no body of JSON is due.</summary>
    public static BodyForm? Of(DescribedOperation operation, SettingsCatalogue catalogue)
    {
        if (operation.BodyType is not { } type)
            return null;
        if (operation.Metadata<Root>() is { } root)
            return new(root.Kind, IsConfiguration: true);
        if (type == typeof(GlobalZoneDocument))
            return new(Struct([.. catalogue.Zone.Select(static one => Required(one.Name, one.Kind))]), IsConfiguration: true);
        if (type == typeof(List<RewriteRuleResponse>))
            return new(RewriteRoot.Kind, IsConfiguration: true);
        if (type == typeof(SlowSubsSettingsResponse))
            return new(SlowSubsRoot.Root.Kind, IsConfiguration: true);
        if (type == typeof(ListenerBody))
            return new(ListenerOf(operation, catalogue), IsConfiguration: true);
        var record = type.IsGenericType ? type.GetGenericArguments()[0] : type;
        return new(KindOf(type), IsConfiguration: false)
        {
            IsPlain = record.IsDefined(typeof(PlainListAttribute)), TakesNumbersForTexts = !record.IsDefined(typeof(UnconvertedAttribute)),
        };
    }

    /// <summary>Whether the schema takes a body.</summary>
    public bool Takes(ConfigValue body) => Kind.Check(body, new Inspection(IsPlain ? "" : "root")
    {
        IsRequest = !IsConfiguration, FirstOnly = IsPlain, TakesNumbersForTexts = TakesNumbersForTexts,
    }) is not null;

    /// <summary>A record that no body is read into says nothing: its operation reads the body by rules of its own.</summary>
    private static ValueKind KindOf(Type type)
    {
        try
        {
            return RecordSchema.Of(type).Kind;
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException)
        {
            return Open;
        }
    }

    /// <summary>A listener's body says which one it is; one that is there may keep its address.</summary>
    private static StructKind ListenerOf(DescribedOperation operation, SettingsCatalogue catalogue)
    {
        var listener = (StructKind)catalogue.KindAt(["listeners", "tcp", "default"])!.Shape;
        var name = operation.InPath.ContainsKey("id") ? Required("id", Enum(FilledServer.Listener)) : Required("name", Text);
        var bind = operation.Method == "PUT" ? Optional("bind", Bind) : Required("bind", Bind);
        return Struct([Required("type", Enum("tcp")), name, bind, .. listener.Fields.Where(static field => field.Name != "bind")]);
    }
}
