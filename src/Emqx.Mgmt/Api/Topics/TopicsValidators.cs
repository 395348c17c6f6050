using Emqx.Mgmt.Api.Failures;
using FluentValidation;

namespace Emqx.Mgmt.Api.Topics;

/// <summary>The topic is a filter that somebody can subscribe to.</summary>
internal sealed class TopicQueryValidator : AbstractValidator<TopicQuery>
{
    public TopicQueryValidator() => RuleFor(query => query.Topic)
        .Must(text => text is null || TopicsEndpoints.TryParse(text, out _)).WithMessage("topic_filter_invalid").WithState(_ => Failure.InvalidParamter);
}
