using Emqx.Broker.Access.Http;
using Emqx.Broker.Access.Templates;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Authz.Http;

/// <summary>Asks a service over HTTP what a client may do (EMQX's source <c>http</c>). What is no answer says nothing: the next source is asked.</summary>
internal sealed class HttpSource(HttpBackend backend, RequestTemplate template) : IAuthzSource, IBackedEntry
{
    private const string Name = "http";

    public static readonly AuthzSourceType Type = new(Name, HttpFields.Kind("authz.http", AuthzSourceType.CommonFields(Name), "30s", isFieldNamed: false),
        static (settings, services) => Create(new SettingsReader(settings), services));

    public IAccessBackend Asked => backend;

    public async ValueTask<AuthzVerdict> AuthorizeAsync(AuthorizeRequest request, CancellationToken cancellation) =>
        await backend.AskAsync(template, new(request.Client, Request: request), cancellation).ConfigureAwait(false) switch
        {
            { Status: 204 } => AuthzVerdict.Allow,
            { Status: 200 } answer => Judge(answer.Read(unsaid: HttpAnswer.Json)),
            { Status: > 200 and < 300 } => AuthzVerdict.NoMatch,
            _ => AuthzVerdict.Ignore,
        };

    public ValueTask DisposeAsync()
    {
        backend.Dispose();
        return ValueTask.CompletedTask;
    }

    private static HttpSource Create(SettingsReader settings, IServiceProvider services)
    {
        var reached = HttpFields.Read(settings, services.GetRequiredService<ConfigPaths>());
        var template = new RequestTemplate(reached.Url, settings, TemplateNames.Authorization);
        return new(new HttpBackend(reached, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<HttpBackend>>()), template);
    }

    private static AuthzVerdict Judge(ConfigObject? body) => body?["result"] switch
    {
        ConfigText { Text: "allow" } => AuthzVerdict.Allow,
        ConfigText { Text: "deny" } => AuthzVerdict.Deny,
        ConfigText { Text: "ignore" } => AuthzVerdict.Ignore,
        _ => AuthzVerdict.NoMatch,
    };
}
