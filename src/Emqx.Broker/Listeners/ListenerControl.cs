using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Listeners;

/// <summary>
/// Orders about listeners, one at a time. The socket is opened before the change is stored: a listener that cannot run changes nothing.
/// </summary>
internal sealed class ListenerControl(IMqttListeners sockets, ListenerTable table, ISettingsControl settings, CertificateFiles certificates,
    ConfigPaths paths) : IListenerControl, IDisposable
{
    private readonly OneAtATime _orders = new();
    private readonly ListenerSwitch _switch = new(sockets);

    /// <summary>The fields that the sockets were last brought to.</summary>
    private readonly Dictionary<ListenerId, ConfigObject> _applied = [];

    /// <summary>Opens every enabled listener, at the node's start. Fails with <see cref="IOException"/> that names the first that cannot be.</summary>
    public async Task StartAllAsync(CancellationToken cancellation)
    {
        foreach (var (id, fields) in table.All())
            _applied[id] = fields;
        var enabled = _applied.Select(one => Read(one.Key, one.Value)).Where(listener => listener.Enable);
        await Task.WhenAll(enabled.Select(listener => _switch.StartAsync(listener, cancellation))).ConfigureAwait(false);
    }

    public ValueTask<ListenerOutcome> CreateAsync(ListenerId id, ConfigObject fields, CancellationToken cancellation) => PutAsync(id, fields, present =>
    {
        if (id.Transport is null)
            return ListenerOutcome.Refused("listeners of this type are not in this build");
        if (present is not null)
            return FormProblem(id, fields) ?? ListenerOutcome.Exists;
        return Names.IsRestricted(id.Name) ? null : ListenerOutcome.Refused(ListenerProblems.BadName(id));
    }, cancellation);

    public ValueTask<ListenerOutcome> UpdateAsync(ListenerId id, ConfigObject fields, CancellationToken cancellation) => PutAsync(id, fields, present =>
    {
        if (present is null)
            return FormProblem(id, fields) ?? ListenerOutcome.Unknown;
        return fields["zone"] is ConfigText { Text: var zone } && !table.HasZone(zone) ? ListenerOutcome.Refused($"{{unknown_zone,{zone}}}") : null;
    }, cancellation);

    public ValueTask<ListenerOutcome> DeleteAsync(ListenerId id, CancellationToken cancellation) => OrderAsync(async () =>
    {
        var outcome = await settings.ChangeAsync<ListenerOutcome>(present => new(ListenerTable.Find(present, id) is null
            ? new SettingsProposal<ListenerOutcome>(ListenerOutcome.Unknown)
            : new([table.Remove(present, id)], ListenerOutcome.Done)), cancellation).ConfigureAwait(false);
        if (outcome == ListenerOutcome.Done)
            await CloseAsync(id).ConfigureAwait(false);
        return outcome;
    }, cancellation);

    public ValueTask<ListenerOutcome> StartAsync(ListenerId id, CancellationToken cancellation) => EnableAsync(id, enable: true, cancellation);

    public ValueTask<ListenerOutcome> StopAsync(ListenerId id, CancellationToken cancellation) => EnableAsync(id, enable: false, cancellation);

    /// <summary>Enables it too, as EMQX does: what is restarted runs after the next start as well.</summary>
    public async ValueTask<ListenerOutcome> RestartAsync(ListenerId id, CancellationToken cancellation)
    {
        var enabled = await EnableAsync(id, enable: true, cancellation).ConfigureAwait(false);
        return enabled != ListenerOutcome.Done ? enabled : await OrderAsync(async () =>
        {
            if (table.Find(id) is not { } present)
                return ListenerOutcome.Unknown;
            return await _switch.SwitchAsync(id, Read(id, present)).ConfigureAwait(false) is { } refusal
                ? ListenerOutcome.Refused(refusal)
                : ListenerOutcome.Done;
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Brings the sockets to what the configuration says after somebody else has changed it. Gives what could not be done.</summary>
    public async ValueTask<IReadOnlyList<string>> FollowAsync(CancellationToken cancellation)
    {
        List<string> refusals = [];
        await OrderAsync(async () =>
        {
            var present = table.All().ToDictionary(one => one.Id, one => one.Fields);
            foreach (var id in _applied.Keys.Where(id => !present.ContainsKey(id)).ToArray())
                await CloseAsync(id).ConfigureAwait(false);
            foreach (var (id, fields) in present.Where(one => !one.Value.Equals(_applied.GetValueOrDefault(one.Key))))
            {
                _applied[id] = fields;
                if (await _switch.SwitchAsync(id, Read(id, fields)).ConfigureAwait(false) is { } refusal)
                    refusals.Add(refusal);
            }

            return ListenerOutcome.Done;
        }, cancellation).ConfigureAwait(false);
        return refusals;
    }

    public void Dispose() => _orders.Dispose();

    private async Task CloseAsync(ListenerId id)
    {
        await sockets.StopAsync(id.ToString(), CancellationToken.None).ConfigureAwait(false);
        certificates.Clean(id, inUse: null);
        _applied.Remove(id);
    }

    private async ValueTask<ListenerOutcome> OrderAsync(Func<Task<ListenerOutcome>> order, CancellationToken cancellation)
    {
        using var turn = await _orders.TakeAsync(cancellation).ConfigureAwait(false);
        return await order().ConfigureAwait(false);
    }

    private ValueTask<ListenerOutcome> EnableAsync(ListenerId id, bool enable, CancellationToken cancellation) =>
        PutAsync(id, new ConfigObject(new() { ["enable"] = enable }), present =>
        {
            if (present is null)
                return ListenerOutcome.Unknown;
            return enable == (sockets.Find(id.ToString()) is not null) && enable == Read(id, present).Enable ? ListenerOutcome.Done : null;
        }, cancellation);

    /// <summary>Gives a listener these fields beside those that it has; undoes all of it where one step fails.</summary>
    /// <param name="answer">What is known to be the answer, from the present fields; null: go ahead.</param>
    private ValueTask<ListenerOutcome> PutAsync(ListenerId id, ConfigObject fields, Func<ConfigObject?, ListenerOutcome?> answer,
        CancellationToken cancellation) => OrderAsync(async () =>
    {
        ConfigObject? before = null, opened = null;
        try
        {
            var outcome = await settings.ChangeAsync<ListenerOutcome>(async present =>
            {
                before = ListenerTable.Find(present, id);
                if (answer(before) is { } known)
                    return new(known);
                var (asked, kept, refusal) = await OpenAsync(id, before, fields).ConfigureAwait(false);
                if (refusal is not null)
                    return new(ListenerOutcome.Refused(refusal));
                opened = kept;
                return new([ListenerTable.Put(present, id, asked, kept)], ListenerOutcome.Done);
            }, cancellation).ConfigureAwait(false);
            if (opened is not null)
                Keep(id, opened);
            return outcome;
        }
        catch when (opened is not null)
        {
            await RestoreAsync(id, before).ConfigureAwait(false);
            throw;
        }
    }, cancellation);

    private void Keep(ListenerId id, ConfigObject fields)
    {
        _applied[id] = fields;
        certificates.Clean(id, fields);
    }

    /// <summary>Checks the fields, stores files, opens or moves the socket. Where a step fails all is as before.</summary>
    private async Task<(ConfigObject Asked, ConfigObject Kept, string? Refusal)> OpenAsync(ListenerId id, ConfigObject? present, ConfigObject fields)
    {
        var kind = ListenerSchemas.KindOf(id.Transport!.Value);
        if (Check(kind, present, fields, out var problem) is null)
            return (fields, fields, problem);
        ConfigObject asked, kept;
        try
        {
            asked = Merge(kind, present, certificates.Store(id, fields));
            kept = Check(kind, null, asked, out _)!;
        }
        catch (CertificateRefusedException refused)
        {
            return (fields, fields, refused.Message);
        }

        var refusal = await _switch.SwitchAsync(id, Read(id, kept)).ConfigureAwait(false);
        if (refusal is not null)
            certificates.Clean(id, present);
        return (asked, kept, refusal);
    }

    private static ConfigObject Merge(StructKind kind, ConfigObject? present, ConfigObject fields) =>
        (ConfigObject)kind.Unmasked(present is null ? fields : present.MergedWith(fields), present);

    private static ConfigObject? Check(StructKind kind, ConfigObject? present, ConfigObject fields, out string problem)
    {
        List<Violation> problems = [];
        var kept = kind.Check(Merge(kind, present, fields), "root", problems) as ConfigObject;
        problem = problems.Count > 0 ? Violation.ToJson(problems) : "";
        return kept;
    }

    /// <summary>What is wrong with the fields, whatever listener they are for: EMQX looks at that first. Null where nothing is.</summary>
    private static ListenerOutcome? FormProblem(ListenerId id, ConfigObject fields)
    {
        if (id.Transport is not { } transport)
            return null;
        List<Violation> problems = [];
        return ListenerSchemas.KindOf(transport).WithoutDefaults().Check(fields, "root", problems) is null ? ListenerOutcome.Refused(Violation.ToJson(problems)) : null;
    }

    private async Task RestoreAsync(ListenerId id, ConfigObject? present)
    {
        certificates.Clean(id, present);
        if (present is null)
            await sockets.StopAsync(id.ToString(), CancellationToken.None).ConfigureAwait(false);
        else
            await _switch.SwitchAsync(id, Read(id, present)).ConfigureAwait(false);
    }

    private ListenerSettings Read(ListenerId id, ConfigObject fields) => ListenerReader.Read(id.Transport!.Value, id.Name, fields, paths);
}
