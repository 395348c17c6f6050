namespace Emqx.Mgmt.Api.Json;

/// <summary>
/// The body of a JSON answer as it grows. What fits into one buffer goes out whole, with its length; more is streamed in
/// pieces as the client takes them, so that no answer costs more than one buffer.
/// </summary>
internal sealed class JsonBody(HttpResponse response, RowBuffer buffer) : IDisposable
{
    /// <summary>Bytes that are held before a piece is sent.</summary>
    private const int Piece = 192 * 1024;

    public RowBuffer Buffer => buffer;

    /// <summary>Whether <see cref="SendAsync"/> is due. Ask it after each row.</summary>
    public bool IsFull => buffer.Length >= Piece;

    /// <summary>Sends what has been gathered, and waits for the client where it is slow.</summary>
    public async ValueTask SendAsync(CancellationToken cancellation)
    {
        SetType();
        await response.BodyWriter.WriteAsync(buffer.Memory, cancellation);
        buffer.Clear();
    }

    /// <summary>Sends the rest.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellation)
    {
        if (!response.HasStarted)
        {
            SetType();
            response.ContentLength = buffer.Length;
        }

        await response.BodyWriter.WriteAsync(buffer.Memory, cancellation);
        buffer.Clear();
    }

    private void SetType()
    {
        if (!response.HasStarted)
            response.ContentType = Answer.ApplicationJson;
    }

    public void Dispose() => buffer.Dispose();
}
