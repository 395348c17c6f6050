using System.Text;
using Emqx.Broker.Access.Authn.Users;
using Xunit;

namespace Emqx.Broker.Tests.Access.Authn.Users;

/// <summary>Files of users, read as EMQX reads them.</summary>
public sealed class UserRowsTests
{
    [Theory]
    [InlineData("user_id,password,is_superuser\nann,p1,true\nbob,p2,false\n")]
    [InlineData("\r\n\r\nuser_id,password,is_superuser\r\n\r\nann,p1,true\r\nbob,p2,no")]
    [InlineData("is_superuser password,,user_id\ntrue,p1 ann\nfalse, p2 ,bob")]
    [InlineData("user_id,password,is_superuser,more\rann,p1,true,x\rbob,p2,1,x")]
    public void Commas_and_blanks_part_fields_and_lines_may_be_empty(string csv)
    {
        var rows = Read("users.csv", UserFileType.Plain, csv);
        Assert.Equal([("ann", "p1", true), ("bob", "p2", false)], rows.Select(static row => (row.UserId!, row.Password!, row.IsSuperuser)));
    }

    [Fact]
    public void Json_has_superusers_by_flag_or_by_word()
    {
        var rows = Read(null, UserFileType.Hash, """[{"user_id":"a","password_hash":"x","is_superuser":true},{"user_id":"b","password_hash":"y","salt":"s","is_superuser":"true"},{"user_id":"c","password_hash":"z","is_superuser":1}]""");
        Assert.Equal([("a", "x", "", true), ("b", "y", "s", true), ("c", "z", "", false)], rows.Select(static row => (row.UserId!, row.PasswordHash!, row.Salt!, row.IsSuperuser)));
    }

    [Theory]
    [InlineData("u.csv", UserFileType.Plain, "", "empty_users")]
    [InlineData("u.csv", UserFileType.Plain, "user_id,password\n", "empty_users")]
    [InlineData("u.csv", UserFileType.Plain, "user_id,password\nann,p\nbob\n", "bad_format, line 3")]
    [InlineData("u.csv", UserFileType.Plain, "user_id,password\n\nann,p,x\n", "bad_format, line 3")]
    [InlineData("u.csv", UserFileType.Plain, "\r\n\r\nuser_id,password,is_superuser\r\n\r\nann,p1,true\r\nbob,p2,\r", "bad_format, line 6")]
    [InlineData("u.csv", UserFileType.Plain, "userid,password\nann,p\n", "bad_format, line 2")]
    [InlineData("u.csv", UserFileType.Hash, "user_id,password\nann,p\n", "\"hash_import_requires_password_hash_field\", line 2")]
    [InlineData("u.csv", UserFileType.Plain, "user_id,password_hash\nann,p\n", "\"plain_import_requires_password_field\", line 2")]
    [InlineData("u.json", UserFileType.Plain, "[]", "empty_users")]
    [InlineData("u.json", UserFileType.Plain, "{}", "unknown_file_format")]
    [InlineData("u.json", UserFileType.Plain, "[{\n}", "invalid_json, line 2")]
    [InlineData("u.json", UserFileType.Plain, "[1]", "bad_format, row 1")]
    [InlineData("u.json", UserFileType.Plain, """[{"user_id":"a","password":"p"},{"user_id":7,"password":"p"}]""", "bad_format, row 2")]
    [InlineData("u.json", UserFileType.Plain, """[{"user_id":"a","password":7}]""", "\"plain_import_requires_password_field\", row 1")]
    [InlineData("u.json", UserFileType.Plain, """[{"user_id":"\ud800","password":"p"}]""", "bad_format, row 1")]
    [InlineData("u", UserFileType.Plain, "[]", "unknown_file_format")]
    [InlineData("u.txt", UserFileType.Plain, "[]", "{unsupported_file_format,<<\".txt\">>}")]
    public void The_first_fault_is_told_with_its_place(string name, object type, string content, string problem) => Assert.Equal(problem, Problem(name, (UserFileType)type, content));

    [Theory]
    [InlineData("u.csv")]
    [InlineData("u.json")]
    public void What_is_no_text_is_refused(string name) =>
        Assert.Throws<InvalidDataException>(() => UserRows.Read(new UserFile(name, UserFileType.Plain, (byte[])[(byte)'"', 0xff, (byte)'"'])));

    private static string Problem(string? name, UserFileType type, string content) =>
        Assert.Throws<InvalidDataException>(() => Read(name, type, content)).Message;

    private static IReadOnlyList<UserRow> Read(string? name, UserFileType type, string content) => UserRows.Read(new UserFile(name, type, Encoding.UTF8.GetBytes(content)));
}
