using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Redis;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Schema;
using Microsoft.Extensions.DependencyInjection;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authn.Redis;

/// <summary>Lets in who has the password of which Redis has a hash (EMQX's <c>password_based:redis</c>). What is no answer says nothing: the next authenticator is asked.</summary>
internal sealed class RedisAuthenticator(RedisBackend backend, RedisUserQuery query, PasswordAlgorithm algorithm, HashingThreads threads) : IAuthenticator, IBackedEntry
{
    private const string Mechanism = "password_based";
    private const string Backend = "redis";
    private const string Algorithm = "password_hash_algorithm";

    public static readonly AuthenticatorType Type = new(Mechanism, Backend, RedisFields.Kind("authn.redis",
    [
        .. AuthenticatorType.CommonFields(Mechanism, Backend),
        Required(RedisFields.Command, Text).Says("HGET or HMGET, a key with places like ${username}, and fields: password_hash or password, salt, is_superuser."),
        Field(Algorithm, PasswordHashKind.Verified, PasswordHashKind.Default).Says("How passwords are hashed."),
    ], RedisUserQuery.ProblemOf), static (settings, services) => Create(new SettingsReader(settings), services));

    public IAccessBackend Asked => backend;

    public async ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation)
    {
        if (credential.Method is not null)
            return AuthnVerdict.Ignore;
        if (!credential.HasPassword)
            return AuthnVerdict.Deny();
        return await backend.AskAsync(query.Command, new TemplateValues(credential.Client, credential.Password), cancellation).ConfigureAwait(false) is { } values
            ? await KnownPassword.JudgeAsync(query.Read(values), credential.Password, algorithm, threads, cancellation).ConfigureAwait(false)
            : AuthnVerdict.Ignore;
    }

    public ValueTask DisposeAsync() => backend.DisposeAsync();

    private static RedisAuthenticator Create(SettingsReader settings, IServiceProvider services) => new(
        RedisFields.Connect(settings, services),
        new RedisUserQuery(settings.Text(RedisFields.Command)),
        PasswordAlgorithm.Of(settings.Part(Algorithm)),
        services.GetRequiredService<HashingThreads>());
}
