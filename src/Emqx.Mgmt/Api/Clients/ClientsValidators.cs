using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using FluentValidation;
using FluentValidation.Results;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>Addresses and versions are texts to EMQX's schema, and looked at after it.</summary>
internal sealed class ClientListQueryValidator : AbstractValidator<ClientListQuery>
{
    public ClientListQueryValidator() => RuleFor(query => query).Custom(static (query, context) =>
    {
        if (query.IpAddress is { } address && !ClientListQuery.TryParseAddress(address, out _))
            context.AddFailure(WrongType("ip_address", "ip", address));
        else if (query.ProtoVer is { } version && !ClientListQuery.TryParseVersion(version, out _))
            context.AddFailure(WrongType("proto_ver", "integer", version));
    });

    // Made whole: the value came from outside, and braces in it are no placeholders.
    private static ValidationFailure WrongType(string name, string type, string value) =>
        new(name, $"the {name} parameter expected type is {type}, but the value is {value}") { CustomState = Failure.InvalidParameter };
}

/// <summary>A cursor is one that an answer gave.</summary>
internal sealed class CursorQueryValidator : AbstractValidator<CursorQuery>
{
    public CursorQueryValidator() =>
        RuleFor(walk => walk.Cursor).Must(cursor => cursor is null || ClientCursor.TryDecode(cursor, out _)).WithMessage("bad cursor");
}

/// <summary>The interval is needed, though EMQX's schema lets it be left out.</summary>
internal sealed class KeepAliveRequestValidator : AbstractValidator<KeepAliveRequest>
{
    public KeepAliveRequestValidator() => RuleFor(request => request.Interval).Must(seconds => seconds is not null).WithMessage("Interval Not Found");
}
