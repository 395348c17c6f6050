using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authn;

/// <summary>An entry of the catalogue of authenticators.</summary>
internal sealed class AuthenticatorType
{
    private readonly string _mechanism;
    private readonly string? _backend;

    /// <param name="mechanism">EMQX's name of the mechanism: <c>password_based</c>, <c>jwt</c>.</param>
    /// <param name="backend">EMQX's name of what knows the clients: <c>built_in_database</c>; null where the mechanism has no such choice.</param>
    /// <param name="fields">What a configuration may say beside mechanism, backend and enable.</param>
    /// <param name="create">Makes one from a configuration that was checked; the services are the node's.</param>
    public AuthenticatorType(string mechanism, string? backend, IReadOnlyList<StructField> fields, Func<ConfigObject, IServiceProvider, IAuthenticator> create)
        : this(mechanism, backend, StructOf(mechanism, backend, fields), create)
    {
    }

    /// <param name="kind">All that a configuration may say, for what has several forms; <see cref="CommonFields"/> are in each.</param>
    public AuthenticatorType(string mechanism, string? backend, ValueKind kind, Func<ConfigObject, IServiceProvider, IAuthenticator> create)
    {
        Id = IdOf(mechanism, backend);
        (_mechanism, _backend) = (mechanism, backend);
        Body = Kind = kind;
        Create = create;
    }

    /// <summary><c>mechanism:backend</c>, or the mechanism alone.</summary>
    public string Id { get; }

    /// <summary>What an entry of the root <c>authentication</c> of this type may say.</summary>
    public ValueKind Kind { get; }

    /// <summary>What a body of the API may say.</summary>
    public ValueKind Body { get; private init; }

    /// <summary>EMQX's name of what a body may say, for what is told of a wrong one; null: nothing.</summary>
    public string? BodyName { get; init; }

    /// <summary>The fields of bodies, where they are not those of a configuration: EMQX wants some to be given.</summary>
    public IReadOnlyList<StructField> BodyFields
    {
        init => Body = StructOf(_mechanism, _backend, value);
    }

    /// <summary>How its users are kept; null where it has none of its own.</summary>
    public AuthnUserForm? Users { get; init; }

    public Func<ConfigObject, IServiceProvider, IAuthenticator> Create { get; }

    /// <summary>What every configuration may say.</summary>
    public static IEnumerable<StructField> CommonFields(string mechanism, string? backend)
    {
        yield return Required(AuthenticationKind.Mechanism, Enum(mechanism));
        if (backend is not null)
            yield return Required(AuthenticationKind.Backend, Enum(backend));
        yield return Field(EntryListKind.Enable, Flag, true);
    }

    public static string IdOf(string mechanism, string? backend) => backend is null ? mechanism : $"{mechanism}:{backend}";

    private static StructKind StructOf(string mechanism, string? backend, IReadOnlyList<StructField> fields) =>
        Struct([.. CommonFields(mechanism, backend).SkipLast(1), .. fields, .. CommonFields(mechanism, backend).TakeLast(1)]);
}
