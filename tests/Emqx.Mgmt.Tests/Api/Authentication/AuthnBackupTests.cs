using System.Net;
using System.Text;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Storage.Backups;
using Emqx.Broker.Storage.Backups.Mnesia;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Emqx.Mgmt.Tests.Api.Authentication.AuthnApi;

namespace Emqx.Mgmt.Tests.Api.Authentication;

/// <summary>Users of authenticators in backups, of this server and of EMQX.</summary>
public sealed class AuthnBackupTests
{
    private static readonly ErlangTerm s_true = new ErlangTerm.Atom("true");

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Users_of_one_server_are_users_of_another()
    {
        await using var one = await AuthnApi.StartAsync("""{"name":"sha256"}""");
        await one.OkAsync(HttpMethod.Post, "/authentication", """{"mechanism":"scram","backend":"built_in_database"}""");
        await one.OkAsync(HttpMethod.Post, Users, """{"user_id":"ann","password":"p","is_superuser":true}""", HttpStatusCode.Created);
        await one.OkAsync(HttpMethod.Post, "/authentication/scram:built_in_database/users", """{"user_id":"bob","password":"p"}""", HttpStatusCode.Created);
        await using var other = await AuthnApi.StartAsync("""{"name":"sha256"}""");
        await TableOf(other).ImportAsync([.. TableOf(one).Export()], None);
        Assert.Equal(0, await other.ConnectAsync("ann", "p"));
        Assert.Equal("""{"is_superuser":true,"user_id":"ann"}""", await other.OkAsync(HttpMethod.Get, $"{Users}/ann"));
        Assert.Equal(1, other.Node.Services.GetRequiredService<AuthnUsers>().Of("scram:built_in_database")!.Count);
    }

    [Fact]
    public async Task Users_of_EMQXs_own_chain_come_over()
    {
        await using var api = await AuthnApi.StartAsync("""{"name":"plain","salt_position":"disable"}""");
        var table = TableOf(api);
        Assert.Equal(["emqx_authn_mnesia", "emqx_authn_scram_mnesia"], table.MnesiaTables);
        await table.ImportAsync(Row(new ErlangTerm.Atom("mqtt:global"), "ann", Text("p"), Text("salt"), s_true), None);
        await table.ImportAsync(Row(new ErlangTerm.Atom("stomp:global"), "eve", Text("p"), Text(""), s_true), None);
        await table.ImportAsync(Row(Text("scram:built_in_database"), "bob", Text("stored"), Text("server"), Text("salt"), new ErlangTerm.Atom("false")), None);
        Assert.Equal((0, 0x87), (await api.ConnectAsync("ann", "p"), await api.ConnectAsync("eve", "p")));
        var bob = api.Node.Services.GetRequiredService<AuthnUsers>().Of("scram:built_in_database")!.Find("bob")!;
        Assert.Equal(("stored", "server", "salt"), (Encoding.UTF8.GetString(bob.Hash), Encoding.UTF8.GetString(bob.ServerKey), Encoding.UTF8.GetString(bob.Salt)));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await table.ImportAsync(Row(new ErlangTerm.Atom("mqtt:global"), "ann", s_true), None));
    }

    [Fact]
    public async Task Many_users_of_EMQX_come_over_in_one_step_and_what_is_unreadable_is_told()
    {
        await using var api = await AuthnApi.StartAsync("{\"name\":\"plain\",\"salt_position\":\"disable\"}");
        var global = new ErlangTerm.Atom("mqtt:global");
        ErlangTerm.Tuple[] rows = [.. Enumerable.Range(0, 1000).Select(number => Row(global, $"u{number}", Text("p"), Text(""), s_true)), Row(new ErlangTerm.Atom("stomp:global"), "eve", Text("p"), Text(""), s_true)];
        Assert.Null(await TableOf(api).ImportAllAsync(rows, None));
        Assert.Equal(1000, api.Node.Services.GetRequiredService<AuthnUsers>().Of(Id)!.Count);
        Assert.Equal("builtin_authn: unreadable row", await TableOf(api).ImportAllAsync([Row(global, "bad", s_true), Row(global, "good", Text("q"), Text(""), s_true)], None));
        Assert.Equal(0, await api.ConnectAsync("good", "q"));
    }

    private static IBackupTable TableOf(AuthnApi api) => api.Node.Services.GetServices<IBackupTable>().Single(static table => table.Name == "builtin_authn");

    private static ErlangTerm.Tuple Row(ErlangTerm group, string id, params ErlangTerm[] more) =>
        new([new ErlangTerm.Atom("user_info"), new ErlangTerm.Tuple([group, Text(id)]), .. more]);

    private static ErlangTerm.Binary Text(string text) => new(Encoding.UTF8.GetBytes(text));
}
