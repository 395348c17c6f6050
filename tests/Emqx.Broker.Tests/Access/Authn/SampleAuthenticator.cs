using System.Globalization;
using System.Text;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Microsoft.Extensions.DependencyInjection;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Access.Authn;

/// <summary>Knows one user: the right password lets it in, a wrong one not, everybody else is somebody else's. May answer later, or fail.</summary>
internal sealed class SampleAuthenticator(SettingsReader settings, SampleGate gate) : IAuthenticator
{
    public static readonly AuthenticatorType Type = new("password_based", "sample",
        [Required("username", Text), Required("password", Text) with { Secret = true }, Field("expires", Text, ""), Field("waits", Flag, false), Field("fails", Flag, false)],
        static (settings, services) => new SampleAuthenticator(new SettingsReader(settings), services.GetRequiredService<SampleGate>()));

    private readonly string _username = settings.Text("username");
    private readonly string _password = settings.Text("password");
    private readonly string _expires = settings.Text("expires");
    private readonly bool _waits = settings.Flag("waits");
    private readonly bool _fails = settings.Flag("fails");

    public static ConfigObject Entry(string username, string password, params IEnumerable<KeyValuePair<string, ConfigValue>> more)
    {
        var fields = new OrderedDictionary<string, ConfigValue>
        {
            ["mechanism"] = "password_based", ["backend"] = "sample", ["username"] = username, ["password"] = password,
        };
        foreach (var (name, value) in more)
            fields[name] = value;
        return new(fields);
    }

    public async ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation)
    {
        if (_fails)
            throw new InvalidOperationException("the database is away");
        if (_waits)
            await gate.PassAsync(cancellation);
        if (credential.Client.Username != _username)
            return AuthnVerdict.Ignore;
        return Encoding.UTF8.GetString(credential.Password.Span) == _password
            ? AuthnVerdict.Allow(new()
            {
                IsSuperuser = true,
                Attributes = new Dictionary<string, string> { ["group"] = "sample" },
                ExpiresAt = _expires.Length == 0 ? null : DateTimeOffset.Parse(_expires, CultureInfo.InvariantCulture),
            })
            : AuthnVerdict.Deny(ReasonCode.BadUserNameOrPassword);
    }

    public ValueTask DisposeAsync()
    {
        gate.Disposed(_username);
        return default;
    }
}
