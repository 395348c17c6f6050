using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;
using static Emqx.Mgmt.Tests.Api.Authentication.AuthnApi;
using static Emqx.Mgmt.Tests.Api.Contracts.FieldKinds;

namespace Emqx.Mgmt.Tests.Api.Authentication;

/// <summary>The chain of authenticators as the API makes, shows and orders it.</summary>
public sealed class AuthenticationTests
{
    private const string Scram = """{"mechanism":"scram","backend":"built_in_database"}""";
    private const string ScramId = "scram:built_in_database";

    [Fact]
    public async Task A_new_authenticator_is_shown_with_its_defaults_in_the_order_of_names()
    {
        await using var api = await AuthnApi.StartAsync();
        const string shown = """{"id":"password_based:built_in_database","backend":"built_in_database","bootstrap_file":"","bootstrap_type":"plain","enable":true,"mechanism":"password_based","password_hash_algorithm":{"name":"sha256","salt_position":"prefix"},"user_id_type":"username"}""";
        Assert.Equal(shown, await api.OkAsync(HttpMethod.Post, "/authentication", Database()));
        Assert.Equal($"[{shown}]", await api.OkAsync(HttpMethod.Get, "/authentication"));
        foreach (var id in (string[])[Id, "password_based%3Abuilt_in_database"])
            Assert.Equal(shown, await api.OkAsync(HttpMethod.Get, $"/authentication/{id}"));
        Assert.Equal("Authenticator 'password_based:built_in_database' already exist", await api.Node.FailsAsync(HttpMethod.Post, "/authentication", 409, "ALREADY_EXISTS", Database()));
    }

    [Theory]
    [InlineData("{}", "missing_mechanism_field")]
    [InlineData("""{"backend":"built_in_database"}""", "missing_mechanism_field")]
    [InlineData("""{"mechanism":"nothing"}""", "\"mechanism\":\"nothing\"")]
    [InlineData("""{"mechanism":"password_based"}""", "unsupported_mechanism")]
    [InlineData("""{"mechanism":"password_based","backend":"nothing"}""", "\"backend\":\"nothing\"")]
    [InlineData("""{"mechanism":1}""", "unsupported_mechanism")]
    [InlineData("[]", "not_a_struct")]
    [InlineData("{", "Invalid json")]
    [InlineData("""{"mechanism":"password_based","backend":"built_in_database"}""", "password_hash_algorithm")]
    [InlineData("""{"mechanism":"password_based","backend":"built_in_database","password_hash_algorithm":{}}""", "algorithm_name_missing")]
    [InlineData("""{"mechanism":"password_based","backend":"built_in_database","password_hash_algorithm":{"name":"bcrypt","salt_rounds":11}}""", "5..10")]
    [InlineData("""{"mechanism":"password_based","backend":"built_in_database","password_hash_algorithm":{"name":"pbkdf2","mac_fun":"sha","iterations":0}}""", "pos_integer()")]
    [InlineData("""{"mechanism":"password_based","backend":"built_in_database","password_hash_algorithm":{"name":"sha"},"user_id_type":"peerhost"}""", "not_a_enum_symbol")]
    [InlineData("""{"mechanism":"password_based","backend":"built_in_database","password_hash_algorithm":{"name":"sha"},"enable":"perhaps"}""", "Unable to parse boolean value")]
    [InlineData("""{"mechanism":"password_based","backend":"built_in_database","password_hash_algorithm":{"name":"sha"},"nothing":1}""", "unknown_fields")]
    [InlineData("""{"mechanism":"scram","backend":"built_in_database","iteration_count":-1}""", "non_neg_integer()")]
    public async Task Wrong_settings_are_refused_and_change_nothing(string body, string reason)
    {
        await using var api = await AuthnApi.StartAsync();
        Assert.Contains(reason, await api.Node.FailsAsync(HttpMethod.Post, "/authentication", 400, "BAD_REQUEST", body), StringComparison.Ordinal);
        Assert.Equal("", await api.ChainAsync());
        await api.OkAsync(HttpMethod.Post, "/authentication", Database());
        await api.OkAsync(HttpMethod.Post, "/authentication", Scram);
        var before = await api.OkAsync(HttpMethod.Get, "/authentication");
        Assert.Contains(reason, await api.Node.FailsAsync(HttpMethod.Put, $"/authentication/{Id}", 400, "BAD_REQUEST", body), StringComparison.Ordinal);
        Assert.Equal(before, await api.OkAsync(HttpMethod.Get, "/authentication"));
    }

    [Theory]
    [InlineData("""{"name":"crc"}""", "name", "/authn_hash:simple")]
    [InlineData("""{"name":"bcrypt","salt_rounds":4}""", "salt_rounds", "/authn_hash:bcrypt_rw_api")]
    [InlineData("""{"name":"pbkdf2","iterations":10}""", "mac_fun", "/authn_hash:pbkdf2")]
    public async Task A_wrong_setting_is_told_with_its_type(string algorithm, string field, string type)
    {
        await using var api = await AuthnApi.StartAsync();
        var told = JsonDocument.Parse(await api.Node.FailsAsync(HttpMethod.Post, "/authentication", 400, "BAD_REQUEST", Database(algorithm))).RootElement;
        Assert.Equal($"root.password_hash_algorithm.{field}", told.GetProperty("path").GetString());
        Assert.Equal("authn:builtin_db_api" + type, told.GetProperty("matched_type").GetString());
        Assert.EndsWith("\"kind\":\"validation_error\"}", told.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("{\"unmatched\":\"bootstrap_type,enable,...\",\"unknown\":\"nothing\",\"reason\":\"unknown_fields\",\"path\":\"root\",\"matched_type\":\"authn:builtin_db_api\",\"kind\":\"validation_error\"}",
            await api.Node.FailsAsync(HttpMethod.Post, "/authentication", 400, "BAD_REQUEST", Database(more: ",\"nothing\":1")));
    }

    [Fact]
    public async Task A_change_takes_the_place_of_all_settings_and_keeps_place_users_and_counts()
    {
        await using var api = await AuthnApi.StartAsync("""{"name":"plain","salt_position":"disable"}""");
        await api.OkAsync(HttpMethod.Post, "/authentication", Scram);
        await api.OkAsync(HttpMethod.Post, Users, """{"user_id":"ann","password":"p"}""", HttpStatusCode.Created);
        Assert.Equal(0, await api.ConnectAsync("ann", "p"));
        Assert.Equal("", await api.OkAsync(HttpMethod.Put, $"/authentication/{Id}", Database("""{"name":"plain","salt_position":"suffix"}"""), HttpStatusCode.NoContent));
        Assert.Equal(0, await api.ConnectAsync("ann", "p"));
        Assert.Equal($"{Id} {ScramId}", await api.ChainAsync());
        Assert.Equal(2, (await api.Node.GetAsync($"/authentication/{Id}/status")).GetProperty("metrics").GetProperty("success").GetInt32());
        Assert.Equal("Change of authentication type is not allowed", await api.Node.FailsAsync(HttpMethod.Put, $"/authentication/{Id}", 400, "BAD_REQUEST", Scram));
        Assert.Equal("Authenticator 'jwt' does not exist", await api.Node.FailsAsync(HttpMethod.Put, "/authentication/jwt", 404, "NOT_FOUND", Scram));
    }

    [Fact]
    public async Task What_is_removed_is_gone_with_its_users()
    {
        await using var api = await AuthnApi.StartAsync("""{"name":"sha"}""");
        await api.OkAsync(HttpMethod.Post, Users, """{"user_id":"ann","password":"p"}""", HttpStatusCode.Created);
        await api.OkAsync(HttpMethod.Delete, "/authentication/nothing", status: HttpStatusCode.NoContent);
        Assert.Equal("", await api.OkAsync(HttpMethod.Delete, $"/authentication/{Id}", status: HttpStatusCode.NoContent));
        Assert.Equal(0, await api.ConnectAsync("nobody", "p"));
        Assert.Equal("Authenticator not found in the 'global' scope", await api.Node.FailsAsync(HttpMethod.Delete, $"/authentication/{Id}", 404, "NOT_FOUND"));
        await api.OkAsync(HttpMethod.Post, "/authentication", Database());
        await api.Node.FailsAsync(HttpMethod.Get, $"{Users}/ann", 404, "NOT_FOUND");
        Assert.Equal(ReasonCodes.NotAuthorized, await api.ConnectAsync("ann", "p"));
    }

    [Theory]
    [InlineData(ScramId, "front", $"{ScramId} {Id}")]
    [InlineData(Id, "rear", $"{ScramId} {Id}")]
    [InlineData(Id, "front", $"{Id} {ScramId}")]
    [InlineData(ScramId, $"before:{Id}", $"{ScramId} {Id}")]
    [InlineData(Id, $"after%3A{ScramId}", $"{ScramId} {Id}")]
    public async Task One_moves_to_another_place(string id, string position, string chain)
    {
        await using var api = await TwoAsync();
        Assert.Equal("", await api.OkAsync(HttpMethod.Put, $"/authentication/{id}/position/{position}", status: HttpStatusCode.NoContent));
        Assert.Equal(chain, await api.ChainAsync());
    }

    [Theory]
    [InlineData(Id, "up", 400, "Invalid value for 'position'")]
    [InlineData(Id, "Front", 400, "Invalid value for 'position'")]
    [InlineData(Id, "before:", 400, "Invalid value for 'position'")]
    [InlineData(Id, "after", 400, "Invalid value for 'position'")]
    [InlineData("nothing", "up", 400, "Invalid value for 'position'")]
    [InlineData("nothing", "front", 404, "Authenticator 'nothing' does not exist")]
    [InlineData(Id, "before:nothing", 404, "Authenticator 'nothing' does not exist")]
    [InlineData(Id, $"after:{Id}", 404, $"Authenticator '{Id}' does not exist")]
    public async Task A_place_that_is_none_changes_nothing(string id, string position, int status, string message)
    {
        await using var api = await TwoAsync();
        Assert.Equal(message, await api.Node.FailsAsync(HttpMethod.Put, $"/authentication/{id}/position/{position}", status, status == 404 ? "NOT_FOUND" : "BAD_REQUEST"));
        Assert.Equal($"{Id} {ScramId}", await api.ChainAsync());
    }

    [Theory]
    [InlineData($$"""[{"id":"{{Id}}"}]""", $"No positions are specified for authenticators: {ScramId}")]
    [InlineData("[]", $"No positions are specified for authenticators: {Id}, {ScramId}")]
    [InlineData("[{\"id\":\"jwt\"}]", $"Authenticators: jwt are not found, No positions are specified for authenticators: {Id}, {ScramId}")]
    [InlineData($$"""[{"id":"{{Id}}"},{"id":"{{ScramId}}"},{"id":"{{Id}}"}]""", $"Authenticators: {Id} are not found")]
    [InlineData("[{\"not-id\":\"jwt\"}]", "unknown_fields")]
    [InlineData("[\"jwt\"]", "bad_value_for_struct")]
    [InlineData("{\"id\":\"jwt\"}", "bad_array_index_keys")]
    public async Task An_order_names_each_once(string order, string message)
    {
        await using var api = await TwoAsync();
        Assert.Contains(message, await api.Node.FailsAsync(HttpMethod.Put, "/authentication/order", 400, "BAD_REQUEST", order), StringComparison.Ordinal);
        Assert.Equal($"{Id} {ScramId}", await api.ChainAsync());
        await api.OkAsync(HttpMethod.Put, "/authentication/order", $$"""[{"id":"{{ScramId}}"},{"id":"{{Id}}"}]""", HttpStatusCode.NoContent);
        Assert.Equal($"{ScramId} {Id}", await api.ChainAsync());
    }

    [Fact]
    public async Task A_status_has_what_was_asked_and_said()
    {
        await using var api = await AuthnApi.StartAsync("""{"name":"sha256"}""");
        await api.OkAsync(HttpMethod.Post, Users, """{"user_id":"ann","password":"p"}""", HttpStatusCode.Created);
        Assert.Equal(0, await api.ConnectAsync("ann", "p"));
        Assert.Equal(ReasonCodes.BadCredentials, await api.ConnectAsync("ann", "q"));
        Assert.Equal(ReasonCodes.NotAuthorized, await api.ConnectAsync("bob", "q"));
        const string metrics = """{"failed":1,"nomatch":1,"rate":0,"rate_last5m":0,"rate_max":0,"success":1,"total":3}""";
        Assert.Equal($$"""{"metrics":{{metrics}},"node_error":[],"node_metrics":[{"metrics":{{metrics}},"node":"{{NodeApi.Node}}"}],"node_resource_metrics":[{"metrics":{},"node":"{{NodeApi.Node}}"}],"node_status":[{"node":"{{NodeApi.Node}}","status":"connected"}],"resource_metrics":{},"status":"connected"}""",
            await api.OkAsync(HttpMethod.Get, $"/authentication/{Id}/status"));
        await api.OkAsync(HttpMethod.Put, $"/authentication/{Id}", Database(more: ""","enable":"false" """), HttpStatusCode.NoContent);
        Assert.Equal("connected", (await api.Node.GetAsync($"/authentication/{Id}/status")).GetProperty("status").GetString());
        Assert.Equal(0, await api.ConnectAsync("bob", "q"));
    }

    [Theory]
    [InlineData("nothing", "nothing")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%25b", "a%b")]
    [InlineData("%C3%BC", "ü")]
    public async Task One_that_is_not_there_is_not_found(string path, string id)
    {
        await using var api = await AuthnApi.StartAsync();
        foreach (var more in (string[])["", "/status"])
            Assert.Equal($"Authenticator '{id}' does not exist", await api.Node.FailsAsync(HttpMethod.Get, $"/authentication/{path}{more}", 404, "NOT_FOUND"));
    }

    [Fact]
    public async Task The_metrics_of_Prometheus_have_each_authenticator()
    {
        await using var api = await AuthnApi.StartAsync("""{"name":"sha256"}""");
        await api.OkAsync(HttpMethod.Post, Users, """{"user_id":"ann","password":"p"}""", HttpStatusCode.Created);
        await api.ConnectAsync("ann", "p");
        var text = await api.OkAsync(HttpMethod.Get, "/prometheus/auth");
        foreach (var (name, value) in ((string, int)[])[("enable", 1), ("status", 1), ("nomatch", 0), ("total", 1), ("success", 1), ("failed", 0), ("users_count", 1)])
            Assert.Contains($"\nemqx_authn_{name}{{id=\"{Id}\"}} {value}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emqx_exporter_and_the_Dashboard_read_their_fields()
    {
        await using var api = await AuthnApi.StartAsync("{\"name\":\"sha256\"}");
        var one = Assert.Single((await api.Node.GetAsync("/authentication")).EnumerateArray());
        Texts(one, "id mechanism backend user_id_type");
        Assert.Equal(JsonValueKind.True, one.GetProperty("enable").ValueKind);
        var status = await api.Node.GetAsync($"/authentication/{one.GetProperty("id").GetString()}/status");
        Texts(status, "status");
        var node = Assert.Single(status.GetProperty("node_metrics").EnumerateArray());
        Texts(node, "node");
        Integers(node.GetProperty("metrics"), "total success failed nomatch rate rate_last5m rate_max");
    }

    [Fact]
    public async Task Each_change_by_the_API_reads_the_file_of_users_again()
    {
        await using var api = await AuthnApi.StartAsync();
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(file, "user_id,password\nann,p\n", TestContext.Current.CancellationToken);
        var settings = Database().Replace("\"bootstrap_file\":\"\"", $"\"bootstrap_file\":\"{file}\"", StringComparison.Ordinal);
        await api.OkAsync(HttpMethod.Post, "/authentication", settings);
        await api.OkAsync(HttpMethod.Delete, $"{Users}/ann", status: HttpStatusCode.NoContent);
        await api.OkAsync(HttpMethod.Put, $"/authentication/{Id}", settings, HttpStatusCode.NoContent);
        Assert.Equal(0, await api.ConnectAsync("ann", "p"));
        File.Delete(file);
        await api.OkAsync(HttpMethod.Put, $"/authentication/{Id}", settings, HttpStatusCode.NoContent);
        Assert.Equal(0, await api.ConnectAsync("ann", "p"));
    }

    private static async Task<AuthnApi> TwoAsync()
    {
        var api = await AuthnApi.StartAsync("""{"name":"sha256"}""");
        await api.OkAsync(HttpMethod.Post, "/authentication", Scram);
        return api;
    }

    /// <summary>MQTT 5's.</summary>
    private static class ReasonCodes
    {
        public const int BadCredentials = 0x86;
        public const int NotAuthorized = 0x87;
    }
}
