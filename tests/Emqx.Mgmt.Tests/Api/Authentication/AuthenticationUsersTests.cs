using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;
using static Emqx.Mgmt.Tests.Api.Authentication.AuthnApi;

namespace Emqx.Mgmt.Tests.Api.Authentication;

/// <summary>Users of the built-in database by the API, one by one and from files.</summary>
public sealed class AuthenticationUsersTests
{
    private const string Sha256 = """{"name":"sha256","salt_position":"prefix"}""";

    [Theory]
    [InlineData(Sha256)]
    [InlineData("""{"name":"plain","salt_position":"disable"}""")]
    [InlineData("""{"name":"bcrypt","salt_rounds":5}""")]
    [InlineData("""{"name":"pbkdf2","mac_fun":"sha224","iterations":1000}""")]
    public async Task A_user_is_made_shown_changed_and_deleted(string algorithm)
    {
        await using var api = await AuthnApi.StartAsync(algorithm);
        foreach (var (name, path) in ((string, string)[])[("ann", "ann"), ("a/b", "a%2Fb"), ("? &=#", "%3F%20%26%3D%23"), ("ü漢", "%C3%BC%E6%BC%A2"), ("+", "%2B")])
        {
            var shown = $$"""{"is_superuser":false,"user_id":"{{name}}"}""";
            Assert.Equal(shown, await api.OkAsync(HttpMethod.Post, Users, JsonSerializer.Serialize(new { user_id = name, password = "old" }), HttpStatusCode.Created));
            Assert.Equal(shown, await api.OkAsync(HttpMethod.Get, $"{Users}/{path}"));
            Assert.Equal((0, 0x86), (await api.ConnectAsync(name, "old"), await api.ConnectAsync(name, "new")));
            Assert.Equal(shown, await api.OkAsync(HttpMethod.Put, $"{Users}/{path}", """{"password":"new"}"""));
            Assert.Equal((0x86, 0), (await api.ConnectAsync(name, "old"), await api.ConnectAsync(name, "new")));
            Assert.Equal("User already exists", await api.Node.FailsAsync(HttpMethod.Post, Users, 409, "ALREADY_EXISTS", JsonSerializer.Serialize(new { user_id = name, password = "x" })));
            Assert.Equal("", await api.OkAsync(HttpMethod.Delete, $"{Users}/{path}", status: HttpStatusCode.NoContent));
            foreach (var (method, body) in ((HttpMethod, string?)[])[(HttpMethod.Get, null), (HttpMethod.Put, """{"password":"x"}"""), (HttpMethod.Delete, null)])
                Assert.Equal("User not found", await api.Node.FailsAsync(method, $"{Users}/{path}", 404, "NOT_FOUND", body));
        }
    }

    [Fact]
    public async Task A_change_without_the_flag_leaves_it()
    {
        await using var api = await AuthnApi.StartAsync(Sha256);
        await api.OkAsync(HttpMethod.Post, Users, """{"user_id":"u","password":"p"}""", HttpStatusCode.Created);
        foreach (var (body, isSuperuser) in ((string, bool)[])[("""{"password":"p","is_superuser":true}""", true), ("""{"password":"q"}""", true), ("""{"password":"q","is_superuser":"false"}""", false)])
            Assert.Equal(isSuperuser, JsonDocument.Parse(await api.OkAsync(HttpMethod.Put, $"{Users}/u", body)).RootElement.GetProperty("is_superuser").GetBoolean());
    }

    [Theory]
    [InlineData("""{"user_id":"","password":"p"}""", "User error: invalid_user_id")]
    [InlineData("""{"user_id":"u"}""", "{\"reason\":\"required_field\",\"path\":\"root.password\",\"kind\":\"validation_error\"}")]
    [InlineData("""{"user_id":"u","password":null}""", "{\"reason\":\"required_field\",\"path\":\"root.password\",\"kind\":\"validation_error\"}")]
    [InlineData("""{"clientid":"u","password":"p"}""", "{\"unmatched\":\"is_superuser,user_id\",\"unknown\":\"clientid\",\"reason\":\"unknown_fields\",\"path\":\"root\",\"kind\":\"validation_error\"}")]
    [InlineData("""{"user_id":["u"],"password":"p"}""", "{\"value\":[\"u\"],\"reason\":{\"expected\":\"binary()\"},\"path\":\"root.user_id\",\"kind\":\"validation_error\"}")]
    [InlineData("""{"user_id":"u","password":"p","is_superuser":"perhaps"}""", "{\"value\":\"perhaps\",\"reason\":\"Unable to parse boolean value\",\"path\":\"root.is_superuser\",\"kind\":\"validation_error\"}")]
    [InlineData("[]", "{\"value\":[],\"reason\":\"bad_value_for_struct\",\"path\":\"root\",\"kind\":\"validation_error\"}")]
    public async Task A_wrong_user_is_not_made(string body, string message)
    {
        await using var api = await AuthnApi.StartAsync(Sha256);
        Assert.Contains(message, await api.Node.FailsAsync(HttpMethod.Post, Users, 400, "BAD_REQUEST", body), StringComparison.Ordinal);
        Assert.Empty((await api.Node.GetAsync(Users)).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task What_cannot_be_hashed_is_refused()
    {
        await using var api = await AuthnApi.StartAsync("""{"name":"pbkdf2","mac_fun":"md5","iterations":1}""");
        await api.Node.FailsAsync(HttpMethod.Post, Users, 400, "BAD_REQUEST", """{"user_id":"u","password":"p"}""");
        await api.Node.FailsAsync(HttpMethod.Post, $"{Import}?type=plain", 400, "BAD_REQUEST", """[{"user_id":"u","password":"p"}]""");
        Assert.Equal(0x87, await api.ConnectAsync("u", "p"));
    }

    [Fact]
    public async Task A_list_is_paged_from_the_last_id_on_and_counted_unless_it_is_searched()
    {
        await using var api = await AuthnApi.StartAsync(Sha256);
        var rows = string.Join(',', Enumerable.Range(0, 12).Select(static number => $$"""{"user_id":"u{{number:00}}","password_hash":"x","is_superuser":{{(number % 4 == 0 ? "true" : "false")}}}"""));
        await api.OkAsync(HttpMethod.Post, Import, $"[{rows}]");
        await PageAsync("", "u11 u10 u09 u08 u07 u06 u05 u04 u03 u02 u01 u00", """{"page":1,"limit":100,"count":12,"hasnext":false}""");
        await PageAsync("?page=2&limit=5", "u06 u05 u04 u03 u02", """{"page":2,"limit":5,"count":12,"hasnext":true}""");
        await PageAsync("?page=4&limit=5", "", """{"page":4,"limit":5,"count":12,"hasnext":false}""");
        await PageAsync("?is_superuser=true&limit=2", "u08 u04", """{"page":1,"limit":2,"count":3,"hasnext":true}""");
        await PageAsync("?like_user_id=u0&limit=3", "u09 u08 u07", """{"page":1,"limit":3,"hasnext":true}""");
        await PageAsync("?like_user_id=u0&is_superuser=true", "u08 u04 u00", """{"page":1,"limit":100,"hasnext":false}""");
        await PageAsync("?like_user_id=U0", "", """{"page":1,"limit":100,"hasnext":false}""");
        foreach (var wrong in (string[])["page=0", "limit=0", "limit=10001", "page=x", "is_superuser=perhaps"])
            await api.Node.FailsAsync(HttpMethod.Get, $"{Users}?{wrong}", 400, "BAD_REQUEST");

        async Task PageAsync(string query, string ids, string meta)
        {
            var page = await api.Node.GetAsync(Users + query);
            Assert.Equal(ids, string.Join(' ', page.GetProperty("data").EnumerateArray().Select(static user => user.GetProperty("user_id").GetString())));
            Assert.Equal(meta, page.GetProperty("meta").GetRawText());
        }
    }

    [Fact]
    public async Task Without_a_chain_without_the_authenticator_and_without_users_there_is_nothing()
    {
        await using var api = await AuthnApi.StartAsync();
        Assert.Equal("Authenticator not found in the 'global' scope", await api.Node.FailsAsync(HttpMethod.Get, Users, 404, "NOT_FOUND"));
        Assert.Equal("Authenticator not found in the 'global' scope", await api.Node.FailsAsync(HttpMethod.Post, $"{Import}?type=plain", 404, "NOT_FOUND", """[{"user_id":"u","password":"p"}]"""));
        await api.OkAsync(HttpMethod.Post, "/authentication", """{"mechanism":"scram","backend":"built_in_database"}""");
        Assert.Equal("User error: {not_found,{authenticator,<<\"password_based:built_in_database\">>}}", await api.Node.FailsAsync(HttpMethod.Get, $"{Users}/u", 400, "BAD_REQUEST"));
        Assert.Equal($"Authenticator '{Id}' does not exist", await api.Node.FailsAsync(HttpMethod.Post, Import, 404, "NOT_FOUND", "[]"));
        Assert.Equal("Operation not supported in this authentication type",
            await api.Node.FailsAsync(HttpMethod.Post, "/authentication/scram:built_in_database/import_users", 400, "BAD_REQUEST", "[]"));
        await api.OkAsync(HttpMethod.Post, "/authentication/scram:built_in_database/users", """{"user_id":"u","password":"p"}""", HttpStatusCode.Created);
        Assert.Equal("""{"is_superuser":false,"user_id":"u"}""", await api.OkAsync(HttpMethod.Get, "/authentication/scram:built_in_database/users/u"));
    }

    [Fact]
    public async Task Users_come_from_bodies_and_files_with_passwords_or_hashes()
    {
        await using var api = await AuthnApi.StartAsync(Sha256);
        var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("saltp"u8));
        Counted("total 2 success 2", await BodyAsync("plain", """[{"user_id":"a","password":"p","is_superuser":true},{"user_id":"b","password":"p"}]"""));
        Counted("total 2 success 1 override 1", await FileAsync("plain", "users.csv", "user_id,password,is_superuser\na,q,false\nc,p,true\n"));
        Counted("total 1 success 1", await FileAsync("hash", "users.csv", $"user_id,password_hash,salt\nd,{hash},salt\n"));
        Counted("total 1 skipped 1", await BodyAsync("other", $$"""[{"user_id":"d","password_hash":"{{hash}}","salt":"salt"}]"""));
        Counted("total 2 override 2", await FileAsync("plain", "users.json", """[{"user_id":"a","password":"r"},{"user_id":"a","password":"p","is_superuser":"true"}]"""));
        foreach (var name in (string[])["a", "b", "c", "d"])
            Assert.Equal(0, await api.ConnectAsync(name, "p"));
        Assert.Equal("a true, b false, c true, d false", string.Join(", ", (await api.Node.GetAsync(Users)).GetProperty("data").EnumerateArray().Reverse()
            .Select(static user => $"{user.GetProperty("user_id").GetString()} {user.GetProperty("is_superuser").GetRawText()}")));

        async Task<JsonElement> BodyAsync(string type, string rows) => JsonDocument.Parse(await api.OkAsync(HttpMethod.Post, $"{Import}?type={type}", rows)).RootElement;

        async Task<JsonElement> FileAsync(string type, string name, string content)
        {
            var (status, body) = await api.UploadAsync($"{Import}?type={type}", "filename", name, content);
            Assert.True(status == 200, body.GetRawText());
            return body;
        }

        static void Counted(string expected, JsonElement counts) => Assert.Equal(expected, string.Join(' ', ((string[])["total", "success", "override", "skipped", "failed"])
            .Where(name => counts.GetProperty(name).GetInt32() > 0).Select(name => $"{name} {counts.GetProperty(name).GetInt32()}")));
    }

    [Theory]
    [InlineData("filenam", "users.json", """[{"user_id":"u","password":"p"}]""", "Missing required parameter: filename")]
    [InlineData("filename", "users.txt", """[{"user_id":"u","password":"p"}]""", "{unsupported_file_format,<<\".txt\">>}")]
    [InlineData("filename", "users", """[{"user_id":"u","password":"p"}]""", "unknown_file_format")]
    [InlineData("filename", "users.json", """[{"user_id":"u","password":"p"}""", "invalid_json, line 1")]
    [InlineData("filename", "users.csv", "user_id,password\nu,p\nv\n", "bad_format, line 3")]
    [InlineData("filename", "users.csv", "user_id,password_hash\nu,p\n", "\"plain_import_requires_password_field\", line 2")]
    [InlineData("filename", "users.csv", "", "empty_users")]
    public async Task A_file_with_a_fault_brings_nobody(string field, string name, string content, string message)
    {
        await using var api = await AuthnApi.StartAsync(Sha256);
        var (status, body) = await api.UploadAsync($"{Import}?type=plain", field, name, content);
        Assert.Equal((400, "BAD_REQUEST", message), (status, body.GetProperty("code").GetString(), body.GetProperty("message").GetString()));
        Assert.Empty((await api.Node.GetAsync(Users)).GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("[{", "Invalid json message received")]
    [InlineData("", "Invalid json message received")]
    [InlineData("{}", "unknown_file_format")]
    [InlineData("[]", "empty_users")]
    [InlineData("""[{"user_id":"u","password":"p"},{"userid":"v","password":"p"}]""", "bad_format, row 2")]
    public async Task A_body_with_a_fault_brings_nobody(string json, string message)
    {
        await using var api = await AuthnApi.StartAsync(Sha256);
        Assert.Equal(message, await api.Node.FailsAsync(HttpMethod.Post, $"{Import}?type=plain", 400, "BAD_REQUEST", json));
        Assert.Empty((await api.Node.GetAsync(Users)).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_body_of_another_type_is_no_file()
    {
        await using var api = await AuthnApi.StartAsync(Sha256);
        using var content = new StringContent("user_id,password\nu,p\n", Encoding.UTF8, "text/csv");
        using var answer = await api.Node.Http.PostAsync($"/api/v5{Import}?type=plain", content);
        Assert.Equal(("400 BAD_REQUEST", "Missing required parameter: filename"), (await answer.FailureAsync(), await answer.MessageAsync()));
    }
}
