using Emqx.Broker.Clients;
using Emqx.Mgmt.Api.Failures;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>What the API says where an order about a client was not carried out.</summary>
internal static class ControlAnswers
{
    public static ApiFailure ClientNotFound => Failure.ClientIdNotFound.Because("Client ID not found");

    /// <summary>The failure, or null where the order was carried out.</summary>
    public static ApiFailure? Failed(this ControlOutcome outcome) => outcome.Status switch
    {
        ControlStatus.Done => null,
        ControlStatus.UnknownClient => ClientNotFound,
        _ => Failure.BadRpc.Because(outcome.Reason ?? Failure.BadRpc.Description),
    };

    /// <summary>A node that was asked for a list and did not give it.</summary>
    public static ApiFailure NodeDown(string node, string? reason) => Failure.NodeDown.Because($"bad rpc call {node}, Reason {reason}");

    /// <summary>EMQX's word for a refused subscription.</summary>
    public static string Reason(this SubscribeFailure failure) => failure switch
    {
        SubscribeFailure.NoLocalOnShared => "invalid_subopts_nl",
        SubscribeFailure.InvalidFilter => "invalid_topic_filter",
        _ => "refused",
    };

    /// <summary>A single refused subscription.</summary>
    public static ApiFailure Failed(this SubscribeFailure failure) => failure switch
    {
        SubscribeFailure.NoLocalOnShared => Failure.InvalidParameter.Because(failure.Reason()),
        _ => Failure.BadRequest.Because(failure.Reason()),
    };
}
