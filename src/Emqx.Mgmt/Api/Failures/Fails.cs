namespace Emqx.Mgmt.Api.Failures;

/// <summary>The failures that an operation may answer with, for the API's description.</summary>
internal sealed record FailuresMetadata(IReadOnlyList<Failure> Failures);

/// <summary>Declares failures on operations and groups.</summary>
internal static class FailureExtensions
{
    /// <summary>The operation (or every operation of the group) may answer with these failures.</summary>
    public static TBuilder Fails<TBuilder>(this TBuilder builder, params Failure[] failures) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new FailuresMetadata(failures));
}
