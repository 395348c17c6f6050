using Emqx.Broker.Storage.Backups;
using FluentValidation;

namespace Emqx.Mgmt.Api.DataBackup;

/// <summary>A name that a backup file can have, and no path.</summary>
internal sealed class BackupFilePathValidator : AbstractValidator<BackupFilePath>
{
    public BackupFilePathValidator() => RuleFor(path => path.Filename)
        .Must(name => BackupName.IsValid(name)).WithMessage($"invalid backup name: file name must have {BackupName.Extension} extension");
}
