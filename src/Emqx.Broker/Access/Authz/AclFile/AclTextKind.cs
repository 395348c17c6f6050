using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authz.AclFile;

/// <summary>The text of a file of rules.</summary>
internal sealed class AclTextKind : TextKind
{
    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (base.Check(value, at) is not ConfigText text)
            return null;
        try
        {
            AclRuleReader.Read(text.Text);
            return text;
        }
        catch (AclSyntaxException error)
        {
            return at.Fail(Violation.Because(at.Path, error.Message));
        }
    }
}
