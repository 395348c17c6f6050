using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Records;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Failures;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>Makes request records from bodies, query strings and paths, or leaves the failure with the request's input.</summary>
internal static class RequestBinder
{
    private const string Root = "root";

    /// <summary>The body as a record; null after a failure.</summary>
    public static T? FromBody<T>(HttpContext context) where T : class
    {
        var input = RequestInput.Of(context);
        if (input.Failure is not null || !IsJson(input))
            return null;
        var at = new Inspection(BodyOf<T>.IsPlain ? "" : Root) { IsRequest = true, FirstOnly = BodyOf<T>.IsPlain, TakesNumbersForTexts = BodyOf<T>.IsConverted };
        return Finish<T>(input, BodyOf<T>.Schema, input.Body, at);
    }

    /// <summary>The body as a list; null after a failure.</summary>
    public static IReadOnlyList<T>? FromBodyList<T>(HttpContext context)
    {
        var input = RequestInput.Of(context);
        if (input.Failure is not null || !IsJson(input))
            return null;
        var at = new Inspection(Root) { IsRequest = true, TakesNumbersForTexts = BodyOf<T>.IsConverted };
        return Finish<IReadOnlyList<T>>(input, BodyOf<IReadOnlyList<T>>.Schema, input.Body, at);
    }

    /// <summary>The query string as a record; null after a failure.</summary>
    public static T? FromQuery<T>(HttpContext context) where T : class
    {
        var input = RequestInput.Of(context);
        return input.Failure is null ? FromParameters<T>(input, Query(context, input, ParametersOf<T>.Kind)) : null;
    }

    /// <summary>The path's parameters as a record; null after a failure.</summary>
    public static T? FromPath<T>(HttpContext context) where T : class
    {
        var input = RequestInput.Of(context);
        return input.Failure is null ? FromParameters<T>(input, PathOf(context, ParametersOf<T>.Kind)) : null;
    }

    private static T? FromParameters<T>(RequestInput input, ConfigObject given) where T : class => input.Failure is null
        ? Finish<T>(input, ParametersOf<T>.Schema, given, new Inspection("") { IsRequest = true, FirstOnly = true })
        : null;

    private static ConfigObject PathOf(HttpContext context, StructKind kind)
    {
        var fields = new ObjectBuilder();
        foreach (var field in kind.Fields)
        {
            if (context.Request.RouteValues.TryGetValue(field.Name, out var value))
                fields.Add(field.Name, (string)value!);
        }

        return fields.Build();
    }

    private static ConfigObject Query(HttpContext context, RequestInput input, StructKind kind)
    {
        var pairs = input.QueryOf(context);
        if (pairs.Count == 0)
            return ConfigObject.Empty;
        var fields = new ObjectBuilder();
        foreach (var field in kind.Fields)
        {
            if ((field.Kind is ArrayKind ? AllOf(pairs, field.Name, input) : LastOf(pairs, field.Name, input)) is { } value)
                fields.Add(field.Name, value);
        }

        return fields.Build();
    }

    private static ConfigValue? LastOf(List<QueryText.Pair> pairs, string name, RequestInput input)
    {
        for (var i = pairs.Count - 1; i >= 0; i--)
        {
            if (pairs[i].Name == name)
                return ValueOf(pairs[i], input);
        }

        return null;
    }

    private static ConfigArray? AllOf(List<QueryText.Pair> pairs, string name, RequestInput input)
    {
        List<ConfigValue>? values = null;
        foreach (var pair in pairs)
        {
            if (pair.Name == name)
                (values ??= []).Add(ValueOf(pair, input));
        }

        return values is null ? null : new ConfigArray(values);
    }

    private static ConfigValue ValueOf(in QueryText.Pair pair, RequestInput input)
    {
        if (!pair.IsText)
            input.Failure ??= Failure.BadRequest.Because($"{pair.Name} is no text in UTF-8");
        return pair.Value is { } text ? new ConfigText(text) : ConfigBoolean.True;
    }

    private static T? Finish<T>(RequestInput input, RecordSchema schema, ConfigValue value, Inspection at) where T : class
    {
        if (schema.Kind.Check(value, at) is not { } kept)
        {
            input.Failure = Failure.BadRequest.Because(Violation.ToJson(at.Violations));
            return null;
        }

        return (T)schema.Make(kept)!;
    }

    private static bool IsJson(RequestInput input)
    {
        if (input.IsForeign || input.Body is ConfigText)
            input.Failure = Failure.UnsupportedMediaType.Because("content-type:application/json Required");
        else if (input.Body is not (ConfigObject or ConfigArray))
            input.Failure = Failure.BadRequest.Because("Invalid json message received");
        return input.Failure is null;
    }

    /// <summary>What is known of a body's type, found out once.</summary>
    private static class BodyOf<T>
    {
        public static readonly RecordSchema Schema = RecordSchema.Of(typeof(T));
        public static readonly bool IsPlain = typeof(T).IsDefined(typeof(PlainListAttribute), false);
        public static readonly bool IsConverted = !typeof(T).IsDefined(typeof(UnconvertedAttribute), false);
    }

    /// <summary>What is known of a query string's or a path's type, found out once.</summary>
    private static class ParametersOf<T>
    {
        public static readonly RecordSchema Schema = RecordSchema.Of(typeof(T), ofParameters: true);
        public static readonly StructKind Kind = (StructKind)Schema.Kind;
    }
}
