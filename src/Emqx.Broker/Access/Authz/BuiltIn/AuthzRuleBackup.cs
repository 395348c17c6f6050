using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.Backups;
using Emqx.Broker.Storage.Backups.Mnesia;

namespace Emqx.Broker.Access.Authz.BuiltIn;

/// <summary>The rules of the built-in database in backups.</summary>
internal sealed class AuthzRuleBackup(AuthzRuleDatabase rules) : BackupTable<StoredAuthzRules>("builtin_authz", BackupRows.Default.StoredAuthzRules)
{
    protected override IEnumerable<StoredAuthzRules> Rows() => rules.Copy().Select(static set => set.ToStored());

    public override IReadOnlyList<string> MnesiaTables => ["emqx_acl"];

    protected override StoredAuthzRules? FromMnesia(ErlangTerm.Tuple row)
    {
        if (row.Items is not [_, var who, ErlangTerm.List { Items: var items }])
            return null;
        var (kind, name) = WhoOf(who);
        var read = items.Select(RuleOf).ToList();
        return kind is null || read.Contains(null) ? null : new(kind, name, new ConfigArray([.. read.Select(static rule => rule!.ToConfig())]).ToString());
    }

    protected override async ValueTask RestoreAsync(StoredAuthzRules row, CancellationToken cancellation)
    {
        var set = AuthzRuleSet.FromStored(row) ?? throw new InvalidDataException($"{Name}: no rules: {row.Kind} {row.Who}");
        await rules.PutAsync(set, cancellation).ConfigureAwait(false);
    }

    /// <summary>0 for everybody, 1 with a user name, 2 with a client id.</summary>
    private static (string? Kind, string Name) WhoOf(ErlangTerm who) => who switch
    {
        ErlangTerm.Integer { Value: 0 } => (AuthzRuleSet.WordOf(AuthzSubject.All), ""),
        ErlangTerm.Tuple { Items: [ErlangTerm.Integer { Value: 1 }, { Text: { } name }] } => (AuthzRuleSet.WordOf(AuthzSubject.Username), name),
        ErlangTerm.Tuple { Items: [ErlangTerm.Integer { Value: 2 }, { Text: { } name }] } => (AuthzRuleSet.WordOf(AuthzSubject.Clientid), name),
        _ => (null, ""),
    };

    /// <summary><c>{allow, {publish, [{qos, [0]}, {retain, all}]}, &lt;&lt;"a/b"&gt;&gt;}</c>; null where it is of another form.</summary>
    private static BuiltInRule? RuleOf(ErlangTerm term)
    {
        if (term is not ErlangTerm.Tuple { Items: [ErlangTerm.Atom permission, var about, var topic] } || TopicOf(topic) is not { } text)
            return null;
        return about switch
        {
            ErlangTerm.Atom action => BuiltInRule.From(text, permission.Name, action.Name, qos: null, retain: null),
            ErlangTerm.Tuple { Items: [ErlangTerm.Atom action, ErlangTerm.List { Items: var options }] } =>
                BuiltInRule.From(text, permission.Name, action.Name, QosOf(Option(options, "qos")), RetainOf(Option(options, "retain"))),
            _ => null,
        };
    }

    private static string? TopicOf(ErlangTerm topic) => topic switch
    {
        ErlangTerm.Tuple { Items: [ErlangTerm.Atom { Name: "eq" }, { Text: { } exact }] } => $"eq {exact}",
        _ => topic.Text,
    };

    private static ErlangTerm? Option(ErlangTerm[] options, string name)
    {
        foreach (var option in options)
        {
            if (option is ErlangTerm.Tuple { Items: [ErlangTerm.Atom atom, var value] } && atom.Name == name)
                return value;
        }

        return null;
    }

    private static List<int>? QosOf(ErlangTerm? value) => value switch
    {
        ErlangTerm.List list => [.. list.Items.Select(static item => item is ErlangTerm.Integer level ? (int)level.Value : -1)],
        ErlangTerm.Integer level => [(int)level.Value],
        _ => null,
    };

    private static bool? RetainOf(ErlangTerm? value) => value switch
    {
        ErlangTerm.Atom { Name: "true" } => true,
        ErlangTerm.Atom { Name: "false" } => false,
        _ => null,
    };
}
