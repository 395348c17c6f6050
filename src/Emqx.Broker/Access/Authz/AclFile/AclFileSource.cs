using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authz.AclFile;

/// <summary>
/// Rules that stand in a text, as EMQX's acl.conf has them. The text is kept in the configuration, or in a file that it names. A file that cannot be
/// read denies everything: nobody may believe that clients are checked when they are not.
/// </summary>
internal sealed class AclFileSource(AuthzRule[] rules, TimeProvider time) : ILocalAuthzSource
{
    public const string TypeName = "file";
    public const string RulesField = "rules";

    private const string PathField = "path";
    private const string DefaultPath = "${EMQX_ETC_DIR}/acl.conf";

    private static readonly AclTextKind s_text = new();
    private static readonly AuthzRule[] s_denyAll = [new(isAllow: false, AuthzWho.All.Instance, AuthzAction.All, topics: null)];

    /// <summary>The source that there is where nothing else is said.</summary>
    public static readonly ConfigObject Default = new(new() { [AuthzSourcesKind.Type] = TypeName, [EntryListKind.Enable] = true, [PathField] = DefaultPath });

    public static readonly AuthzSourceType Type = new(TypeName,
        [Optional(PathField, Text).Says("The file of the rules."), Optional(RulesField, s_text).Says("The rules, in place of a file.")], Create)
    {
        ApiFields = [Required(RulesField, Text).Says("The rules.")],
        Shown = Show,
    };

    private readonly AuthzRules _rules = new(rules, time);

    public int RuleCount => _rules.Count;

    public AuthzVerdict Check(AuthorizeRequest request) => _rules.Check(request);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static AclFileSource Create(ConfigObject entry, IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        try
        {
            return new(AclRuleReader.Read(TextOf(entry, services.GetRequiredService<ConfigPaths>())), time);
        }
        catch (Exception error) when (error is AclSyntaxException or IOException or UnauthorizedAccessException)
        {
            AccessLog.NoRules(services.GetRequiredService<ILogger<AclFileSource>>(), new SettingsReader(entry).Text(PathField), error);
            return new(s_denyAll, time);
        }
    }

    /// <summary>The rules in place of the name of a file.</summary>
    private static ConfigObject Show(ConfigObject entry, ConfigPaths paths)
    {
        var shown = entry.Without(PathField);
        try
        {
            return shown.With(RulesField, TextOf(entry, paths));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return shown.With(RulesField, "");
        }
    }

    private static string TextOf(ConfigObject entry, ConfigPaths paths)
    {
        if (entry[RulesField] is ConfigText text)
            return text.Text;
        var path = (entry[PathField] as ConfigText)?.Text ?? DefaultPath;
        return paths.ExpandFile(path) is { } file ? AclFiles.Read(file) : AclFiles.DefaultText;
    }
}
