using FluentValidation;

namespace Emqx.Mgmt.Api.Cluster;

/// <summary>A node needs some time to join.</summary>
internal sealed class InviteRequestValidator : AbstractValidator<InviteRequest>
{
    private const long ShortestTimeout = 5000;

    public InviteRequestValidator() =>
        RuleFor(request => request.Timeout).Must(timeout => timeout >= ShortestTimeout).WithMessage($"timeout cannot be less than {ShortestTimeout}ms");
}
