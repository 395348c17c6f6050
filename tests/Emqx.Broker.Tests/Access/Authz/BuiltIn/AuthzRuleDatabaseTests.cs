using Emqx.Broker.Access.Authz.BuiltIn;
using Emqx.Broker.Protocol;
using Emqx.Broker.Storage.Backups;
using Emqx.Broker.Storage.Backups.Mnesia;
using Emqx.Broker.Storage.InMemory;
using Emqx.Broker.Tests.Monitoring;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authz.BuiltIn;

/// <summary>The rules of the built-in database.</summary>
public sealed class AuthzRuleDatabaseTests : IDisposable
{
    private readonly InMemoryAuthzRuleStore _store = new();
    private readonly AuthzRuleDatabase _rules;

    public AuthzRuleDatabaseTests() => _rules = new(_store);

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public void Dispose() => _rules.Dispose();

    [Fact]
    public async Task Rules_of_the_client_id_come_before_those_of_the_user_name_and_these_before_those_for_everybody()
    {
        await _rules.PutAsync(Set(AuthzSubject.All, "", ("deny", "#")), None);
        Assert.Equal("Deny Deny Deny", Said("c1", "u1"));
        await _rules.PutAsync(Set(AuthzSubject.Username, "u1", ("allow", "t/1"), ("allow", "t/2")), None);
        Assert.Equal("Allow Allow Deny", Said("c1", "u1"));
        await _rules.PutAsync(Set(AuthzSubject.Clientid, "c1", ("deny", "t/1")), None);
        Assert.Equal("Deny Allow Deny", Said("c1", "u1"));
        Assert.Equal("Deny Deny Deny", Said("c2", null));
        await _rules.DeleteAsync(AuthzSubject.All, "", None);
        Assert.Equal("Deny NoMatch NoMatch", Said("c1", null));
        Assert.Equal(2, _rules.Count);
    }

    [Fact]
    public async Task Names_that_have_rules_are_told_and_nothing_is_added_then()
    {
        Assert.Null(await _rules.AddAsync([Set(AuthzSubject.Clientid, "a"), Set(AuthzSubject.Clientid, "b")], None));
        Assert.Equal("b", await _rules.AddAsync([Set(AuthzSubject.Clientid, "c"), Set(AuthzSubject.Clientid, "b")], None));
        Assert.Null(await _rules.FindAsync(AuthzSubject.Clientid, "c", None));
        Assert.Null(await _rules.AddAsync([Set(AuthzSubject.Username, "b")], None));
        Assert.True(await _rules.DeleteAsync(AuthzSubject.Clientid, "a", None));
        Assert.False(await _rules.DeleteAsync(AuthzSubject.Clientid, "a", None));
    }

    [Fact]
    public async Task Pages_go_from_the_last_name_to_the_first_and_a_search_knows_no_number()
    {
        await _rules.AddAsync([.. Enumerable.Range(0, 700).Select(i => Set(AuthzSubject.Username, $"u{i:000}"))], None);
        var page = await _rules.ListAsync(AuthzSubject.Username, like: null, skip: 698, limit: 10, None);
        Assert.Equal((700L, false, "u001 u000"), (page.Count, page.HasNext, Names(page)));
        page = await _rules.ListAsync(AuthzSubject.Username, like: null, skip: 0, limit: 2, None);
        Assert.Equal((700L, true, "u699 u698"), (page.Count, page.HasNext, Names(page)));
        page = await _rules.ListAsync(AuthzSubject.Username, "00", skip: 6, limit: 2, None);
        Assert.Equal((null, true, "u009 u008"), (page.Count, page.HasNext, Names(page)));
        page = await _rules.ListAsync(AuthzSubject.Username, "69", skip: 16, limit: 2, None);
        Assert.Equal((null, false, "u069"), (page.Count, page.HasNext, Names(page)));
        Assert.Empty((await _rules.ListAsync(AuthzSubject.Username, like: null, skip: 1 << 20, limit: 2, None)).Sets);
        Assert.Empty((await _rules.ListAsync(AuthzSubject.Clientid, like: null, skip: 0, limit: 2, None)).Sets);
    }

    [Fact]
    public async Task What_was_stored_is_there_again_as_it_was()
    {
        var rule = BuiltInRule.From("eq a/${clientid}", "allow", "publish", [2, 0], retain: true)!;
        await _rules.PutAsync(new(AuthzSubject.Username, "ü\"'", [rule, .. Set(AuthzSubject.All, "", ("deny", "#")).Rules]), None);
        using var again = new AuthzRuleDatabase(_store);
        await again.LoadAsync(None);
        var found = (await again.FindAsync(AuthzSubject.Username, "ü\"'", None))!;
        Assert.Equal("""[{"topic":"eq a/${clientid}","permission":"allow","action":"publish","qos":[2,0],"retain":true},{"topic":"#","permission":"deny","action":"all","qos":[0,1,2],"retain":"all"}]""",
            found.ToStored().Rules);
        await again.ClearAsync(None);
        Assert.Empty(await _store.LoadAsync(None));
    }

    [Fact]
    public async Task Rows_of_a_backup_and_of_EMQX_s_table_come_back()
    {
        await _rules.PutAsync(Set(AuthzSubject.Clientid, "c1", ("deny", "t/1")), None);
        IBackupTable backup = new AuthzRuleBackup(_rules);
        var rows = backup.Export().ToList();
        await _rules.ClearAsync(None);
        await backup.ImportAsync(rows, None);
        Assert.Equal("Deny NoMatch NoMatch", Said("c1", null));

        Assert.Equal(["emqx_acl"], backup.MnesiaTables);
        await backup.ImportAsync(Row(Tuple(new ErlangTerm.Integer(1), Text("u1")),
            Tuple(new ErlangTerm.Atom("allow"), Tuple(new ErlangTerm.Atom("publish"), List(Tuple(new ErlangTerm.Atom("qos"), List(new ErlangTerm.Integer(0))),
                Tuple(new ErlangTerm.Atom("retain"), new ErlangTerm.Atom("false")))), Tuple(new ErlangTerm.Atom("eq"), Text("t/2")))), None);
        await backup.ImportAsync(Row(new ErlangTerm.Integer(0), Tuple(new ErlangTerm.Atom("deny"), new ErlangTerm.Atom("all"), Text("#"))), None);
        Assert.Equal("Deny Allow Deny", Said("c2", "u1"));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await backup.ImportAsync(Row(new ErlangTerm.Integer(7)), None));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await backup.ImportAsync(["""{"Kind":"clientid","Who":"x","Rules":"[7]"}"""u8.ToArray()], None));
    }

    private static ErlangTerm.Tuple Row(ErlangTerm who, params ErlangTerm[] rules) => Tuple(new ErlangTerm.Atom("emqx_acl"), who, List(rules));

    private static ErlangTerm.Tuple Tuple(params ErlangTerm[] items) => new(items);

    private static ErlangTerm.List List(params ErlangTerm[] items) => new(items);

    private static ErlangTerm.Binary Text(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    private static AuthzRuleSet Set(AuthzSubject subject, string who, params (string Permission, string Topic)[] rules) =>
        new(subject, who, [.. rules.Select(static rule => BuiltInRule.From(rule.Topic, rule.Permission, "all", qos: null, retain: null)!)]);

    private static string Names(AuthzRulePage page) => string.Join(' ', page.Sets.Select(static set => set.Who));

    /// <summary>What is said of publishing to t/1, t/2 and t/3.</summary>
    private string Said(string clientId, string? username) => string.Join(' ', Enumerable.Range(1, 3).Select(i =>
        _rules.Check(new AuthorizeRequest { Client = Fakes.Client(clientId, username), IsPublish = true, Topic = $"t/{i}" })));
}
