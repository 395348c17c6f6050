using System.Globalization;
using System.Text.Json;
using Emqx.Broker.Modules.TopicMetrics;
using Emqx.Mgmt.Api.Json;

namespace Emqx.Mgmt.Api.TopicMetrics;

/// <summary>What was read of topics, with what is needed to show it.</summary>
internal readonly record struct TopicReadings(IReadOnlyList<TopicReading> Topics, TimeProvider Time);

/// <summary>Writes counters of topics as JSON.</summary>
internal static class TopicMetricsWriter
{
    private static readonly JsonEncodedText[] s_counts = [.. TopicMetricNames.All.Select(static name => JsonEncodedText.Encode(name + ".count"))];
    private static readonly JsonEncodedText[] s_rates = [.. TopicMetricNames.All.Select(static name => JsonEncodedText.Encode(name + ".rate"))];

    /// <summary>One object, that of the first.</summary>
    public static void WriteOne(Utf8JsonWriter json, TopicReadings readings) => Write(json, readings.Topics[0], readings.Time);

    /// <summary>A list.</summary>
    public static void WriteAll(Utf8JsonWriter json, TopicReadings readings)
    {
        json.WriteStartArray();
        foreach (var topic in readings.Topics)
            Write(json, topic, readings.Time);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, TopicReading topic, TimeProvider time)
    {
        json.WriteStartObject();
        json.WriteString("create_time"u8, TimeText.Seconds(topic.CreatedAt, time));
        json.WriteStartObject("metrics"u8);
        for (var i = 0; i < s_counts.Length; i++)
        {
            json.WriteNumber(s_counts[i], topic.Counts[i]);
            json.WritePropertyName(s_rates[i]);
            json.WriteRawValue(topic.Rates[i].ToString("0.0###", CultureInfo.InvariantCulture), skipInputValidation: true);
        }

        json.WriteEndObject();
        json.WriteString("topic"u8, topic.Topic);
        json.WriteEndObject();
    }
}
