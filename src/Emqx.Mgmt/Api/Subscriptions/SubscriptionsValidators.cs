using Emqx.Broker.Protocol;
using Emqx.Mgmt.Api.Failures;
using FluentValidation;

namespace Emqx.Mgmt.Api.Subscriptions;

/// <summary>Shared filters are not matched against; where a whole filter is asked for, <c>match_topic</c> does not count.</summary>
internal sealed class SubscriptionQueryValidator : AbstractValidator<SubscriptionQuery>
{
    public SubscriptionQueryValidator() => RuleFor(query => query.MatchTopic)
        .Must((query, match) => match is null || query.Topic is not null || !TopicFilter.IsShared(match))
        .WithMessage("match_topic not supported shared subscription").WithState(_ => Failure.InvalidParameter);
}
