using Emqx.Broker.Storage.Backups;
using FluentValidation;

namespace Emqx.Mgmt.Api.DataBackup;

/// <summary>A name that a backup file can have, and no path.</summary>
internal sealed class BackupFilePathValidator : AbstractValidator<BackupFilePath>
{
    /// <summary>What is said of other names.</summary>
    public const string Message = $"invalid backup name: file name must have {BackupName.Extension} extension";

    public BackupFilePathValidator() => RuleFor(path => path.Filename).Must(name => BackupName.IsValid(name)).WithMessage(Message);
}

/// <summary>The same of the file that is put back.</summary>
internal sealed class BackupImportRequestValidator : AbstractValidator<BackupImportRequest>
{
    public BackupImportRequestValidator() => RuleFor(request => request.Filename).Must(name => BackupName.IsValid(name)).WithMessage(BackupFilePathValidator.Message);
}
