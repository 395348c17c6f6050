using Emqx.Broker.Access.Authn.Grants;
using Emqx.Broker.Access.Http;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Authn.Http;

/// <summary>Asks a service over HTTP who a client is (EMQX's <c>password_based:http</c>). What is no answer says nothing: the next authenticator is asked.</summary>
internal sealed class HttpAuthenticator(HttpBackend backend, RequestTemplate template, TimeProvider time) : IAuthenticator, IBackedEntry
{
    private const string Mechanism = "password_based";
    private const string Backend = "http";

    public static readonly AuthenticatorType Type = new(Mechanism, Backend,
        HttpFields.Kind("authn.http", [.. AuthenticatorType.CommonFields(Mechanism, Backend)], "5s", isFieldNamed: true),
        static (settings, services) => Create(new SettingsReader(settings), services));

    public IAccessBackend Asked => backend;

    public async ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation)
    {
        if (credential.Method is not null)
            return AuthnVerdict.Ignore;
        return await backend.AskAsync(template, new(credential.Client, credential.Password), cancellation).ConfigureAwait(false) switch
        {
            { Status: 204 } => AuthnVerdict.Allow(),
            { Status: 200 } answer when answer.Read() is { } body => Judge(body),
            _ => AuthnVerdict.Ignore,
        };
    }

    public ValueTask DisposeAsync()
    {
        backend.Dispose();
        return ValueTask.CompletedTask;
    }

    private static HttpAuthenticator Create(SettingsReader settings, IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var reached = HttpFields.Read(settings, services.GetRequiredService<ConfigPaths>());
        var template = new RequestTemplate(reached.Url, settings, TemplateNames.Authentication);
        return new(new HttpBackend(reached, time, services.GetRequiredService<ILogger<HttpBackend>>()), template, time);
    }

    private AuthnVerdict Judge(ConfigObject body) => body["result"] switch
    {
        ConfigText { Text: "allow" } => Allow(body),
        ConfigText { Text: "deny" } => AuthnVerdict.Deny(ReasonCode.NotAuthorized),
        _ => AuthnVerdict.Ignore,
    };

    /// <summary>What can not be understood must not be left out of what a client is allowed: it refuses the client, or says nothing of it, as in EMQX.</summary>
    private AuthnVerdict Allow(ConfigObject body)
    {
        long? end = null;
        if (body["expire_at"] is { } given)
        {
            if (!IsTime(given, out var seconds))
                return AuthnVerdict.Deny();
            end = seconds;
        }

        GrantedAcl? acl = null;
        if (body["acl"] is { } rules)
        {
            if (rules is not ConfigArray list)
                return AuthnVerdict.Ignore;
            acl = GrantedAcl.ReadList(list, end, time);
            if (acl is null)
                return AuthnVerdict.Deny();
        }

        return GrantReader.ReadAttributes(body["client_attrs"]) is { } attributes
            ? AuthnVerdict.Allow(new()
            {
                IsSuperuser = GrantReader.IsSuperuser(body["is_superuser"]),
                Attributes = attributes,
                ExpiresAt = end is { } at ? GrantReader.TimeOf(at) : null,
                Acl = acl,
            })
            : AuthnVerdict.Ignore;
    }

    /// <summary>Unix seconds that are not over; milliseconds are taken for a mistake.</summary>
    private bool IsTime(ConfigValue given, out long seconds)
    {
        seconds = 0;
        var now = time.GetUtcNow();
        return given is ConfigNumber number && number.TryGetInteger(out seconds) && seconds >= now.ToUnixTimeSeconds() && seconds <= now.ToUnixTimeMilliseconds() / 2;
    }
}
