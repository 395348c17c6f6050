using Emqx.Broker.Settings;

namespace Emqx.Broker.Listeners;

/// <summary>EMQX's words for what is wrong with a listener.</summary>
internal static class ListenerProblems
{
    public static string BadName(ListenerId id) =>
        $"#{{expected_data_type => <<\"^[A-Za-z0-9]+[A-Za-z0-9-_]*$\">>,got => \"{id.Name}\",kind => validation_error,path => \"listeners.{id.Type}\",reason => invalid_map_key}}";

    public static string FailedToStart(string id, ListenerSettings settings, string reason) =>
        $"{{failed_to_start,\"{id}({settings.Bind}) : {reason}\"}}";
}
