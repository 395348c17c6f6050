using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Emqx.Broker.Modules.Bans;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Emqx.Mgmt.Api.Banned;

/// <summary>Bans: who may not connect.</summary>
internal static class BannedEndpoints
{
    public static IServiceCollection AddBanned(this IServiceCollection services) => services.AddSingleton<IValidator<BanQuery>, BanQueryValidator>();

    public static void MapBanned(this RouteGroupBuilder api)
    {
        var banned = api.MapGroup("/banned").WithTags("Banned").WithJson<BannedJson>();

        banned.MapGet("", ListBanned).WithPaging().Fails(Failure.BadRequest);
        banned.MapPost("", CreateBanned).Fails(Failure.BadRequest, Failure.AlreadyExists);
        banned.MapDelete("", DeleteAllBanned);
        banned.MapDelete("/{as}/{who}", DeleteBanned).Fails(Failure.BadRequest, Failure.NotFound);
    }

    /// <summary>Lists the bans, or those that one filter selects.</summary>
    private static async Task<Results<PageRows<BanResponse>, ApiFailure>> ListBanned(PageQuery page, BanQuery query, IBanDirectory bans,
        TimeProvider time, CancellationToken cancellation)
    {
        var (filter, error) = BanFilters.Parse(query);
        if (filter is null)
            return Failure.BadRequest.Because(error!);

        var found = await bans.ListAsync(filter, (int)Math.Min(page.Skip, int.MaxValue), page.Limit, cancellation);
        BanResponse[] rows = [.. found.Bans.Select(ban => BanResponse.From(ban, time))];
        return new PageRows<BanResponse>(rows, found.Count, filter is BanFilter.All ? null : found.HasNext);
    }

    /// <summary>Bans a client, a user, an address, or all that a pattern or network holds for.</summary>
    private static async Task<Results<JsonAnswer<BanResponse>, ApiFailure>> CreateBanned(BanRequest request, IBanControl bans, TimeProvider time,
        IOptions<JsonOptions> json, CancellationToken cancellation)
    {
        if (!BanTarget.TryParse(request.As, request.Who, out var target, out var error))
            return Failure.BadRequest.Because(error);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var at = request.At?.ToUnixTimeSeconds() ?? now;
        var ban = new Ban(target, request.By, request.Reason, at, request.Until?.ToUnixTimeSeconds());
        if (ban.HasEnded(now))
            return Failure.BadRequest.Because($"Cannot create expired banned, {at} to {ban.Until}");

        return await bans.CreateAsync(ban, cancellation) is { } old
            ? Failure.AlreadyExists.Because(JsonSerializer.Serialize(BanResponse.From(old, time),
                (JsonTypeInfo<BanResponse>)json.Value.SerializerOptions.GetTypeInfo(typeof(BanResponse))))
            : Answer.Ok(BanResponse.From(ban, time));
    }

    /// <summary>Lifts all bans.</summary>
    private static async Task<NoContent> DeleteAllBanned(IBanControl bans, CancellationToken cancellation)
    {
        await bans.ClearAsync(cancellation);
        return Answer.NoContent();
    }

    /// <summary>Lifts one ban.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeleteBanned(BanPath path, IBanControl bans, CancellationToken cancellation)
    {
        var kind = path.As;
        if (!BanTarget.TryParse(kind, path.Who, out var target, out var error))
            return Failure.BadRequest.Because(error);
        return await bans.DeleteAsync(target, cancellation)
            ? Answer.NoContent()
            : Failure.NotFound.Because($"{kind.Name()}: {path.Who} not found");
    }
}
