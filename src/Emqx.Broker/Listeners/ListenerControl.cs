using System.Security.Cryptography;
using Emqx.Broker.Cluster;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Listeners;

/// <summary>The configured listeners of this node and their sockets. One order at a time.</summary>
internal sealed class ListenerControl(IMqttListeners sockets, ListenerTable table, CertificateFiles certificates, NodeIdentity identity,
    NodeConfiguration configuration) : IListenerControl, IListenerDirectory, IDisposable
{
    private readonly SemaphoreSlim _orders = new(1, 1);

    /// <summary>The fields that the sockets were last brought to.</summary>
    private readonly Dictionary<ListenerId, ConfigObject> _applied = [];

    /// <summary>Opens every enabled listener, at the node's start. Throws what <see cref="IMqttListeners.StartAsync"/> throws.</summary>
    public async Task StartAllAsync(CancellationToken cancellation)
    {
        foreach (var (id, fields) in table.All())
            _applied[id] = fields;
        var enabled = _applied.Select(one => Read(one.Key, one.Value)).Where(settings => settings.Enable);
        await Task.WhenAll(enabled.Select(settings => sockets.StartAsync(settings, cancellation))).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<ListenerFacts>> ListAsync(CancellationToken cancellation) =>
        new([.. table.All().Select(one => Describe(one.Id, one.Fields)).OrderBy(one => one.Id.ToString(), StringComparer.Ordinal)]);

    public ValueTask<ListenerFacts?> FindAsync(ListenerId id, CancellationToken cancellation) =>
        new(table.Find(id) is { } fields ? Describe(id, fields) : null);

    public ValueTask<ListenerOutcome> CreateAsync(ListenerId id, ConfigObject fields, CancellationToken cancellation) => OrderAsync(async () =>
    {
        if (id.Transport is null)
            return ListenerOutcome.Refused("listeners of this type are not in this build");
        if (table.Find(id) is not null)
            return ListenerOutcome.Exists;
        if (!Names.IsRestricted(id.Name))
            return ListenerOutcome.Refused(ListenerProblems.BadName(id));
        return await ApplyAsync(id, present: null, fields).ConfigureAwait(false);
    }, cancellation);

    public ValueTask<ListenerOutcome> UpdateAsync(ListenerId id, ConfigObject fields, CancellationToken cancellation) => OrderAsync(async () =>
    {
        if (table.Find(id) is not { } present)
            return ListenerOutcome.Unknown;
        if (fields["zone"] is ConfigText { Text: var zone } && !table.HasZone(zone))
            return ListenerOutcome.Refused($"{{unknown_zone,{zone}}}");
        return await ApplyAsync(id, present, fields).ConfigureAwait(false);
    }, cancellation);

    public ValueTask<ListenerOutcome> DeleteAsync(ListenerId id, CancellationToken cancellation) => OrderAsync(async () =>
    {
        if (table.Find(id) is null)
            return ListenerOutcome.Unknown;
        await table.RemoveAsync(id, CancellationToken.None).ConfigureAwait(false);
        await CloseAsync(id).ConfigureAwait(false);
        return ListenerOutcome.Done;
    }, cancellation);

    public ValueTask<ListenerOutcome> StartAsync(ListenerId id, CancellationToken cancellation) => EnableAsync(id, enable: true, cancellation);

    public ValueTask<ListenerOutcome> StopAsync(ListenerId id, CancellationToken cancellation) => EnableAsync(id, enable: false, cancellation);

    public ValueTask<ListenerOutcome> RestartAsync(ListenerId id, CancellationToken cancellation) => OrderAsync(async () =>
    {
        if (table.Find(id) is not { } present)
            return ListenerOutcome.Unknown;
        return await SwitchAsync(id, Read(id, present) with { Enable = true }).ConfigureAwait(false) is { } refusal
            ? ListenerOutcome.Refused(refusal)
            : ListenerOutcome.Done;
    }, cancellation);

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
                if (await SwitchAsync(id, Read(id, fields)).ConfigureAwait(false) is { } refusal)
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
        await _orders.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await order().ConfigureAwait(false);
        }
        finally
        {
            _orders.Release();
        }
    }

    private ValueTask<ListenerOutcome> EnableAsync(ListenerId id, bool enable, CancellationToken cancellation) => OrderAsync(async () =>
    {
        if (table.Find(id) is not { } present)
            return ListenerOutcome.Unknown;
        if (enable == (sockets.Find(id.ToString()) is not null) && enable == Read(id, present).Enable)
            return ListenerOutcome.Done;
        return await ApplyAsync(id, present, new ConfigObject(new() { ["enable"] = enable })).ConfigureAwait(false);
    }, cancellation);

    /// <summary>Checks, stores files, opens or moves the sockets, writes to disk, puts in force; undoes all of it where one step fails.</summary>
    private async Task<ListenerOutcome> ApplyAsync(ListenerId id, ConfigObject? present, ConfigObject fields)
    {
        var kind = ListenerSchemas.KindOf(id.Transport!.Value);
        if (Check(kind, present, fields, out var problem) is null)
            return ListenerOutcome.Refused(problem);
        ConfigObject merged, kept;
        try
        {
            merged = Merge(kind, present, certificates.Store(id, fields));
            kept = Check(kind, null, merged, out _)!;
        }
        catch (CertificateRefusedException refused)
        {
            return ListenerOutcome.Refused(refused.Message);
        }

        var settings = Read(id, kept);
        var refusal = await SwitchAsync(id, settings).ConfigureAwait(false);
        if (refusal is not null)
        {
            certificates.Clean(id, present);
            return ListenerOutcome.Refused(refusal);
        }

        try
        {
            await table.PutAsync(id, merged, kept, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            certificates.Clean(id, present);
            await RestoreAsync(id, present).ConfigureAwait(false);
            throw;
        }

        _applied[id] = kept;
        certificates.Clean(id, kept);
        return ListenerOutcome.Done;
    }

    private static ConfigObject Merge(StructKind kind, ConfigObject? present, ConfigObject fields) =>
        (ConfigObject)kind.Unmasked(present is null ? fields : present.MergedWith(fields), present);

    private static ConfigObject? Check(StructKind kind, ConfigObject? present, ConfigObject fields, out string problem)
    {
        List<SettingsProblem> problems = [];
        var kept = kind.Check(Merge(kind, present, fields), "root", problems) as ConfigObject;
        problem = problems.Count > 0 ? SettingsProblem.ToJson(problems) : "";
        return kept;
    }

    /// <summary>Brings the sockets to what the settings say. Not null: why that cannot be; then they are as before.</summary>
    private async Task<string?> SwitchAsync(ListenerId id, ListenerSettings settings)
    {
        var before = sockets.Find(settings.Id);
        try
        {
            if (!settings.Enable)
                await sockets.StopAsync(settings.Id, CancellationToken.None).ConfigureAwait(false);
            else if (before is null)
                await sockets.StartAsync(settings, CancellationToken.None).ConfigureAwait(false);
            else if (before.Settings.Bind.Equals(settings.Bind))
                await sockets.UpdateAsync(settings, CancellationToken.None).ConfigureAwait(false);
            else
                await MoveAsync(before.Settings, settings).ConfigureAwait(false);
            return null;
        }
        catch (IOException error)
        {
            return ListenerProblems.FailedToStart(id, settings, error.Message);
        }
        catch (CryptographicException)
        {
            return "{bad_ssl_config,#{reason => certificate_and_key_cannot_be_used}}";
        }
    }

    private async Task MoveAsync(ListenerSettings before, ListenerSettings after)
    {
        await sockets.StopAsync(before.Id, CancellationToken.None).ConfigureAwait(false);
        try
        {
            await sockets.StartAsync(after, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or CryptographicException)
        {
            await sockets.StartAsync(before, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private async Task RestoreAsync(ListenerId id, ConfigObject? present)
    {
        if (present is null)
            await sockets.StopAsync(id.ToString(), CancellationToken.None).ConfigureAwait(false);
        else
            await SwitchAsync(id, Read(id, present)).ConfigureAwait(false);
    }

    private ListenerSettings Read(ListenerId id, ConfigObject fields) =>
        ListenerReader.Read(id.Transport!.Value, id.Name, fields, configuration.Sources.Paths);

    private ListenerFacts Describe(ListenerId id, ConfigObject fields)
    {
        var settings = Read(id, fields);
        var state = sockets.Find(settings.Id);
        var status = new ListenerStatus(state is not null, settings.MaxConnections, state?.CurrentConnections ?? 0);
        var shown = (ConfigObject)ListenerSchemas.KindOf(settings.Type).Shown(fields);
        return new ListenerFacts(id, shown, settings, [new NodeTagged<ListenerStatus>(identity.Name, status)]);
    }
}
