using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;

namespace Emqx.Mgmt.Api.Retainer;

/// <summary>What a request for other settings of the retainer comes to.</summary>
internal static class RetainerChange
{
    /// <summary>The change, or why it is refused. The request is checked by itself, then its fields take the place of those in force.</summary>
    public static SettingsProposal<ApiFailure?> Propose(ConfigObject given, PresentSettings present)
    {
        var root = RetainerRoot.Root;
        var problems = new List<Violation>();
        if (root.Kind.Check(given, "root", problems) is null)
            return Refused(problems);
        var fields = present[root.Name];
        foreach (var (name, value) in (ConfigObject)root.Kind.Canonical(given))
        {
            if (value is not ConfigNull)
                fields = fields.With(name, value);
        }

        return present.Change(root, "root", fields, Completion.Defaults, problems) is { } change ? new([change], null) : Refused(problems);
    }

    private static SettingsProposal<ApiFailure?> Refused(List<Violation> problems)
    {
        var code = problems is [var only] && only.Body["reason"] is ConfigText { Text: RetainerRoot.NoBackend } ? Failure.UpdateFailed : Failure.BadRequest;
        return new(code.Because(Violation.ToJson(problems)));
    }
}
