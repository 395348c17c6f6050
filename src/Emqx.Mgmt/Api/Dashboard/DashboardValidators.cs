using System.Buffers;
using FluentValidation;

namespace Emqx.Mgmt.Api.Dashboard;

/// <summary>Rules of user names and passwords.</summary>
internal static class PasswordRules
{
    private const int Shortest = 8;
    private const int Longest = 64;
    private static readonly SearchValues<char> s_special = SearchValues.Create("!@#$%^&*()_+-=[]{}\"|;':,./<>?`~ ");

    /// <summary>What is wrong with a password, or null.</summary>
    public static string? Wrong(string password)
    {
        if (password.Length is < Shortest or > Longest)
            return "The range of password length is 8~64";
        var (letters, digits, others) = (0, 0, 0);
        foreach (var c in password)
        {
            if (char.IsAsciiLetter(c))
                letters = 1;
            else if (char.IsAsciiDigit(c))
                digits = 1;
            else if (s_special.Contains(c))
                others = 1;
            else
                return "Bad password. Only ASCII letters, digits and special characters are allowed";
        }

        return letters + digits + others >= 2 ? null
            : "Bad password. At least two different kind of characters from groups of letters, numbers, and special characters are required";
    }
}

/// <summary>Both passwords are needed; what the new one is like is looked at once the old one is proven.</summary>
internal sealed class ChangePasswordRequestValidator : AbstractValidator<ChangePasswordRequest>
{
    public ChangePasswordRequestValidator() => RuleFor(request => request)
        .Must(request => request.OldPwd.Length > 0 && request.NewPwd.Length > 0).WithMessage("Old password or new password undefined");
}

/// <summary>A name of letters, digits and _; a good password.</summary>
internal sealed class CreateUserRequestValidator : AbstractValidator<CreateUserRequest>
{
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    public CreateUserRequestValidator()
    {
        RuleLevelCascadeMode = ClassLevelCascadeMode = CascadeMode.Stop;
        RuleFor(request => request.Username)
            .Must(name => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(s_nameCharacters))
            .WithMessage("Bad Username. Only upper and lower case letters, numbers and underscores are supported");
        RuleFor(request => request.Password).Custom((password, context) =>
        {
            if (PasswordRules.Wrong(password) is { } wrong)
                context.AddFailure(wrong);
        });
    }
}
