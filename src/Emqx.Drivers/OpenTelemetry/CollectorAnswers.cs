using System.Net.Http.Headers;

namespace Emqx.Drivers.OpenTelemetry;

/// <summary>Tells how each request to a collector ended, which the package keeps to itself.</summary>
/// <param name="longest">Bytes of an answer; a longer one is a failure.</param>
internal sealed class CollectorAnswers(Action<string?> told, int longest, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string GrpcStatus = "grpc-status";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage? answer = null;
        try
        {
            answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            await answer.Content.LoadIntoBufferAsync(longest, cancellationToken).ConfigureAwait(false); // what ends it stands behind it
            told(ReasonOf(answer));
            return answer;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            answer?.Dispose();
            told(error is OperationCanceledException ? "it does not answer in time" : error.Message);
            throw;
        }
    }

    private static string? ReasonOf(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            return $"it answers {(int)answer.StatusCode}";
        return (Find(answer.TrailingHeaders) ?? Find(answer.Headers)) switch
        {
            "0" => null,
            null => "its answer is none of gRPC",
            var status => $"it answers with the gRPC status {status}",
        };
    }

    private static string? Find(HttpResponseHeaders headers) => headers.TryGetValues(GrpcStatus, out var values) ? values.FirstOrDefault() : null;
}
