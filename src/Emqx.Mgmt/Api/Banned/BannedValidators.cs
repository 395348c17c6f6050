using FluentValidation;

namespace Emqx.Mgmt.Api.Banned;

/// <summary>Bans are selected by one filter at most.</summary>
internal sealed class BanQueryValidator : AbstractValidator<BanQuery>
{
    public BanQueryValidator() => RuleFor(query => query).Must(query => query.Filters.Count(value => value is not null) <= 1).WithMessage("too_many_filters");
}
