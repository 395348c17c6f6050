namespace Emqx.Mgmt.Api.Failures;

/// <summary>What every failure answers with; <see cref="ApiFailure"/> writes it.</summary>
/// <param name="Code">EMQX's error code.</param>
/// <param name="Message">What went wrong; JSON text where a request did not fit its schema.</param>
/// <param name="Reason">The same as message.</param>
internal sealed record ErrorBody(string Code, string Message, string Reason);
