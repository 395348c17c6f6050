using System.Reflection;
using System.Text.Json.Serialization;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Rewrite;

/// <summary>A list of rules that takes the place of the present one.</summary>
internal sealed record RewriteRequest(ConfigArray Rules) : IBindableFromHttpContext<RewriteRequest>, IEndpointParameterMetadataProvider
{
    public static ValueTask<RewriteRequest?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(UncheckedBody.Read<ConfigArray>(context) is { } rules ? new RewriteRequest(rules) : null);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new BodyMetadata(typeof(List<RewriteRuleResponse>)));
}

/// <summary>A rule by which topics are rewritten. Of several whose filter selects a topic the last one counts.</summary>
/// <param name="Action">Whether it is for topics that clients publish to (publish), subscribe to (subscribe), or both (all).</param>
/// <param name="DestTopic">What becomes of the topic; $1 and so on stand for groups of the regular expression, ${clientid} and ${username} for the client's.</param>
/// <param name="Re">The regular expression that takes the topic apart; a topic in which it is not found stays.</param>
/// <param name="SourceTopic">The topic filter that selects the topics to rewrite.</param>
internal sealed record RewriteRuleResponse(string Action, string DestTopic, string Re, string SourceTopic);

[JsonSerializable(typeof(List<RewriteRuleResponse>))]
internal sealed partial class RewriteJson : JsonSerializerContext;
