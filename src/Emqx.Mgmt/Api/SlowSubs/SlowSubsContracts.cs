using System.Reflection;
using System.Text.Json.Serialization;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.SlowSubs;

/// <summary>Settings that change; those that are left out stay.</summary>
internal sealed record SlowSubsRequest(ConfigObject Given) : IBindableFromHttpContext<SlowSubsRequest>, IEndpointParameterMetadataProvider
{
    public static ValueTask<SlowSubsRequest?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(UncheckedBody.Read<ConfigObject>(context) is { } given ? new SlowSubsRequest(given) : null);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new BodyMetadata(typeof(SlowSubsSettingsResponse)));
}

/// <summary>How slow deliveries are looked for.</summary>
/// <param name="Enable">Whether they are looked for.</param>
/// <param name="ExpireInterval">How long a slow delivery stays listed.</param>
/// <param name="StatsType">What is measured: from publish to completion (whole), to the first sending (internal), or from there on (response).</param>
/// <param name="Threshold">Deliveries that take longer are slow.</param>
/// <param name="TopKNum">How many are listed at most, up to 1000.</param>
internal sealed record SlowSubsSettingsResponse(bool Enable, string ExpireInterval, string StatsType, string Threshold, int TopKNum);

/// <summary>The slowest delivery to a client on a topic.</summary>
/// <param name="Clientid">The client.</param>
/// <param name="LastUpdateTime">When it was seen, Unix milliseconds.</param>
/// <param name="Node">The client's node.</param>
/// <param name="Timespan">How long it took, milliseconds.</param>
/// <param name="Topic">The topic.</param>
internal sealed record SlowSubscriptionResponse(string Clientid, long LastUpdateTime, string Node, long Timespan, string Topic);

/// <summary>The slow deliveries.</summary>
/// <param name="Data">The slowest first.</param>
internal sealed record SlowSubscriptionsResponse(IReadOnlyList<SlowSubscriptionResponse> Data);

[JsonSerializable(typeof(SlowSubsSettingsResponse))]
[JsonSerializable(typeof(SlowSubscriptionsResponse))]
internal sealed partial class SlowSubsJson : JsonSerializerContext;
