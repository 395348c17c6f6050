using Emqx.Mgmt.Api.Failures;
using FluentValidation;

namespace Emqx.Mgmt.Api.Alarms;

/// <summary>An alarm is named, though EMQX's schema lets the name be left out.</summary>
internal sealed class ForceDeactivateRequestValidator : AbstractValidator<ForceDeactivateRequest>
{
    public ForceDeactivateRequestValidator() =>
        RuleFor(request => request.Name).Must(name => !string.IsNullOrEmpty(name)).WithMessage("name is required").WithState(_ => Failure.InvalidParameter);
}
