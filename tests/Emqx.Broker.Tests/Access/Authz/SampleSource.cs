using Emqx.Broker.Access.Authz;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Tests.Access.Authz;

/// <summary>Allows and denies one topic each.</summary>
internal sealed class SampleSource(SettingsReader settings) : IAuthzSource
{
    public static readonly AuthzSourceType Type = new("sample", [Field("allow", Text, ""), Field("deny", Text, "")],
        static (settings, _) => new SampleSource(new SettingsReader(settings)));

    private readonly string _allow = settings.Text("allow");
    private readonly string _deny = settings.Text("deny");

    public ValueTask<AuthzVerdict> AuthorizeAsync(AuthorizeRequest request, CancellationToken cancellation) =>
        new(request.Topic == _allow ? AuthzVerdict.Allow : request.Topic == _deny ? AuthzVerdict.Deny : AuthzVerdict.NoMatch);

    public ValueTask DisposeAsync() => default;
}
