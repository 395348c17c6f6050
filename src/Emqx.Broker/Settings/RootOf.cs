using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Settings;

/// <summary>A root that parts of the server read as a record.</summary>
/// <typeparam name="T">An immutable record with EMQX's fields.</typeparam>
internal sealed class Root<T> : Root where T : class
{
    private readonly Func<ConfigObject, T> _read;

    public Root(string name, StructKind table, Func<ConfigObject, T> read) : base(name, table)
    {
        _read = read;
        Record = read;
    }

    /// <summary>The record of checked fields.</summary>
    public T Read(ConfigObject values) => _read(values);

    /// <summary>The record of what is in force.</summary>
    public T Read(RunningConfiguration running) => _read(running[Name]);

    /// <summary>Adds the <see cref="SettingsRoot{T}"/>, which follows changes.</summary>
    public override void AddTo(IServiceCollection services, RunningConfiguration running) => services.AddFollowing(running, () => Read(running), Name);
}
