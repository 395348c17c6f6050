using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage;
using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Accounts;

/// <summary>What a token is worth.</summary>
internal enum TokenState
{
    Unknown,
    Valid,
    Expired,
}

/// <summary>The bearer tokens of POST /login. Only what is stored here is valid, whatever a token says of itself.</summary>
internal sealed class DashboardTokens(ITokenStore store, SettingsRoot<DashboardSettings> settings, TimeProvider time)
{
    /// <summary>A use is written down at most this often; a crash can shorten a token's life by as much.</summary>
    private const long RenewalStep = 10_000;

    /// <summary>Expired tokens are told from unknown ones for so long.</summary>
    private const long KeptExpired = 3_600_000;
    private const int LongestToken = 1024;

    /// <summary>Tokens of one user; one more ends the one that was used least lately.</summary>
    private const int MostOfUser = 100;

    private readonly ConcurrentDictionary<string, Entry> _tokens = new(StringComparer.Ordinal);

    /// <summary>Reads all tokens from the store.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var token in await store.LoadAsync(cancellation))
            _tokens[token.TokenHash] = new(token);
    }

    /// <summary>Makes a token for a user; it is on disk when this ends. Only <see cref="DashboardUsers"/> asks for it, while the user cannot change.</summary>
    public async Task<string> IssueAsync(string username)
    {
        var now = Now;
        await SweepAsync(now);
        await MakeRoomAsync(username);
        var token = NewToken(now + Life);
        var stored = new StoredToken(HashOf(token), username, now + Life, now);
        await store.SaveAsync(stored, CancellationToken.None);
        _tokens[stored.TokenHash] = new(stored);
        return token;
    }

    /// <summary>Looks a token up and, where it is valid, renews it.</summary>
    public TokenState Use(ReadOnlySpan<char> token, out AuthenticationTicket? ticket)
    {
        ticket = null;
        if (token.Length > LongestToken || !_tokens.TryGetValue(HashOf(token), out var entry))
            return TokenState.Unknown;
        var now = Now;
        if (Volatile.Read(ref entry.ExpiresAt) < now)
            return TokenState.Expired;
        Renew(entry, now);
        ticket = entry.Ticket;
        return TokenState.Valid;
    }

    /// <summary>Ends one token.</summary>
    public Task EndAsync(ReadOnlyMemory<char> token) => EndAsync(HashOf(token.Span));

    /// <summary>Ends all tokens of a user, which gets no new ones meanwhile.</summary>
    public async Task EndOfUserAsync(string username)
    {
        await store.DeleteOfUserAsync(username, CancellationToken.None);
        foreach (var (hash, entry) in _tokens)
        {
            if (entry.Username == username)
                _tokens.TryRemove(hash, out _);
        }
    }

    /// <summary>Ends the tokens of users that are not there.</summary>
    public async Task EndOfOthersAsync(Func<string, bool> isThere)
    {
        foreach (var username in _tokens.Values.Select(static entry => entry.Username).Distinct().Where(name => !isThere(name)).ToArray())
            await EndOfUserAsync(username);
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long Life => settings.Current.TokenExpiredTime;

    private void Renew(Entry entry, long now)
    {
        Volatile.Write(ref entry.ExpiresAt, now + Life);
        var noted = Volatile.Read(ref entry.NotedAt);
        if (now - noted < RenewalStep || Interlocked.CompareExchange(ref entry.NotedAt, now, noted) != noted)
            return;
        store.Renew(entry.Hash, now + Life, now);
    }

    /// <summary>Gone from disk first: what anybody has seen ended is not back after a crash. A peer that leaves meanwhile changes nothing.</summary>
    private async Task EndAsync(string hash)
    {
        await store.DeleteAsync(hash, CancellationToken.None);
        _tokens.TryRemove(hash, out _);
    }

    private async Task MakeRoomAsync(string username)
    {
        var (count, oldest) = (0, default(Entry));
        foreach (var (_, entry) in _tokens)
        {
            if (entry.Username != username)
                continue;
            count++;
            if (oldest is null || Volatile.Read(ref entry.ExpiresAt) < Volatile.Read(ref oldest.ExpiresAt))
                oldest = entry;
        }

        if (count >= MostOfUser)
            await EndAsync(oldest!.Hash);
    }

    private async Task SweepAsync(long now)
    {
        var past = _tokens.Where(one => Volatile.Read(ref one.Value.ExpiresAt) < now - KeptExpired).Select(static one => one.Key).ToArray();
        if (past.Length == 0)
            return;
        await store.DeleteExpiredAsync(now - KeptExpired, CancellationToken.None);
        foreach (var hash in past)
            _tokens.TryRemove(hash, out _);
    }

    /// <summary>A JWT (RFC 7519) signed with a key that nobody keeps: it is looked up, never verified.</summary>
    private static string NewToken(long expiresAt)
    {
        var header = Encode("""{"alg":"HS256","typ":"JWT"}"""u8);
        var claims = Encode(Encoding.UTF8.GetBytes($$"""{"exp":{{expiresAt}},"iss":"{{DashboardTokenDefaults.Issuer}}"}"""));
        var signature = HMACSHA256.HashData(RandomNumberGenerator.GetBytes(32), Encoding.ASCII.GetBytes($"{header}.{claims}"));
        return $"{header}.{claims}.{Encode(signature)}";
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static string HashOf(ReadOnlySpan<char> token)
    {
        Span<byte> bytes = stackalloc byte[LongestToken * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (token.Length > LongestToken)
            return "";
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(token, bytes)], hash);
        return Convert.ToBase64String(hash);
    }

    private sealed class Entry(StoredToken stored)
    {
        public long ExpiresAt = stored.ExpiresAt;
        public long NotedAt = stored.LastUsedAt;
        public string Hash => stored.TokenHash;
        public string Username => stored.Username;

        public AuthenticationTicket Ticket { get; } = new(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, stored.Username)], DashboardTokenDefaults.Scheme)), DashboardTokenDefaults.Scheme);
    }
}
