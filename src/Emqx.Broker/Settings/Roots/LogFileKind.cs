using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Roots;

/// <summary>File handlers by name. Fields that stand without a name are those of the handler default; there always is one.</summary>
internal sealed class LogFileKind(StructKind handler) : ValueKind
{
    private const string Default = "default";

    /// <summary>Each that is on has a thread and a file of its own.</summary>
    private const int MostHandlers = 32;

    private readonly MapKind _map = new(handler);

    public override string Name => _map.Name;

    public override ValueKind Shape => _map;

    public override ConfigValue? Check(ConfigValue value, Inspection at) => Canonical(value) is ConfigObject { Count: > MostHandlers }
        ? at.Fail(Violation.Because(at.Path, "too_many_log_handlers", ("max", (long)MostHandlers)))
        : _map.Check(Canonical(value), at);

    public override ValueKind? Part(string name) => handler.Part(name) ?? handler;

    /// <summary>What a handler says by its name wins over what stands without one.</summary>
    public override ConfigValue Canonical(ConfigValue value)
    {
        if (value is not ConfigObject fields)
            return value;
        var (alone, named) = (new ObjectBuilder(), new ObjectBuilder());
        foreach (var (name, field) in fields.Fields)
        {
            if (handler.FindField(name) is not null)
                alone.Add(name, field);
            else
                named.Add(name, handler.Canonical(field));
        }

        var handlers = named.Build();
        var unnamed = (ConfigObject)handler.Canonical(alone.Build());
        return handlers[Default] switch
        {
            null => handlers.With(Default, unnamed),
            ConfigObject own => handlers.With(Default, unnamed.MergedWith(own)),
            _ => handlers,
        };
    }

    public override ConfigValue Shown(ConfigValue value) => _map.Shown(value);
}
