using System.Net;
using System.Text.RegularExpressions;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authz.Rules;

/// <summary>Which part of a client a condition looks at.</summary>
internal enum AuthzIdentity
{
    ClientId,
    Username,
    Attribute,
}

/// <summary>Whom a rule is about.</summary>
internal abstract record AuthzWho
{
    /// <summary>Whether it is about this client; <paramref name="inDoubt"/> where a pattern takes too long.</summary>
    public abstract bool Matches(ClientInfo client, bool inDoubt, ref PatternBudget budget);

    /// <summary>Everybody.</summary>
    internal sealed record All : AuthzWho
    {
        public static readonly All Instance = new();

        public override bool Matches(ClientInfo client, bool inDoubt, ref PatternBudget budget) => true;
    }

    /// <summary>Clients whose id, user name or attribute is this text, or in which the pattern is found.</summary>
    /// <param name="Attribute">Its name, where one is meant.</param>
    internal sealed record Named(AuthzIdentity Identity, string Text, Regex? Pattern = null, string Attribute = "") : AuthzWho
    {
        public override bool Matches(ClientInfo client, bool inDoubt, ref PatternBudget budget)
        {
            var own = Identity switch
            {
                AuthzIdentity.ClientId => client.ClientId,
                AuthzIdentity.Username => client.Username,
                _ => client.Attributes.GetValueOrDefault(Attribute),
            };
            if (own is null)
                return false;
            return Pattern is null ? own == Text : budget.IsMatch(Pattern, own, inDoubt);
        }
    }

    /// <summary>Clients whose address is in one of the networks.</summary>
    internal sealed record From(IPNetwork[] Networks) : AuthzWho
    {
        public override bool Matches(ClientInfo client, bool inDoubt, ref PatternBudget budget)
        {
            foreach (var network in Networks)
            {
                if (network.Contains(client.PeerAddress))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Clients whom all conditions are about: everybody where there is none.</summary>
    internal sealed record Every(AuthzWho[] Conditions) : AuthzWho
    {
        public override bool Matches(ClientInfo client, bool inDoubt, ref PatternBudget budget)
        {
            foreach (var condition in Conditions)
            {
                if (!condition.Matches(client, inDoubt, ref budget))
                    return false;
            }

            return true;
        }
    }

    /// <summary>Clients whom one of the conditions is about.</summary>
    internal sealed record Any(AuthzWho[] Conditions) : AuthzWho
    {
        public override bool Matches(ClientInfo client, bool inDoubt, ref PatternBudget budget)
        {
            foreach (var condition in Conditions)
            {
                if (condition.Matches(client, inDoubt, ref budget))
                    return true;
            }

            return false;
        }
    }
}
