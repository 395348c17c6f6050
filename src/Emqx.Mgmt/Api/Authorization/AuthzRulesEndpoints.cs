using Emqx.Broker.Access.Authz.BuiltIn;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Authorization;

/// <summary>The rules of the built-in database: for user names, for client ids and for everybody. They are there while its source is configured.</summary>
internal static class AuthzRulesEndpoints
{
    private const string TooMany = "The rules length exceeds the maximum limit.";

    /// <summary>Maps them below <c>/authorization</c>.</summary>
    public static void MapAuthzRules(this RouteGroupBuilder authorization)
    {
        var rules = authorization.MapGroup("/sources/built_in_database/rules");
        var exists = Failure.AlreadyExists with { Status = StatusCodes.Status409Conflict };

        rules.MapDelete("", DeleteAuthzRules).Fails(Failure.BadRequest, Failure.NotFound);
        rules.MapGet("/users", ListUserRules).WithPaging().Fails(Failure.BadRequest, Failure.NotFound);
        rules.MapPost("/users", CreateUserRules).WithMetadata(BodyLimit.Lists).Fails(Failure.BadRequest, Failure.NotFound, exists);
        rules.MapGet("/users/{username}", GetUserRules).Fails(Failure.NotFound);
        rules.MapPut("/users/{username}", PutUserRules).Fails(Failure.BadRequest, Failure.NotFound);
        rules.MapDelete("/users/{username}", DeleteUserRules).Fails(Failure.NotFound);
        rules.MapGet("/clients", ListClientRules).WithPaging().Fails(Failure.BadRequest, Failure.NotFound);
        rules.MapPost("/clients", CreateClientRules).WithMetadata(BodyLimit.Lists).Fails(Failure.BadRequest, Failure.NotFound, exists);
        rules.MapGet("/clients/{clientid}", GetClientRules).Fails(Failure.NotFound);
        rules.MapPut("/clients/{clientid}", PutClientRules).Fails(Failure.BadRequest, Failure.NotFound);
        rules.MapDelete("/clients/{clientid}", DeleteClientRules).Fails(Failure.NotFound);
        rules.MapGet("/all", GetAllRules).Fails(Failure.NotFound);
        rules.MapPost("/all", PutAllRules).Fails(Failure.BadRequest, Failure.NotFound);
        rules.MapDelete("/all", DeleteAllRules).Fails(Failure.NotFound);
    }

    /// <summary>Deletes all rules; the source has to be disabled.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeleteAuthzRules(RuleBook book, CancellationToken cancellation)
    {
        if (book.Missing is { } missing)
            return missing;
        if (book.IsEnabled)
            return Failure.BadRequest.Because("'built_in_database' type source must be disabled before purge.");
        await book.Control.ClearAsync(cancellation);
        return Answer.NoContent();
    }

    /// <summary>Lists the rules for user names, from the last name to the first.</summary>
    private static async Task<Results<PageRows<UserRulesResponse>, ApiFailure>> ListUserRules(PageQuery page, UserRulesQuery query, RuleBook book,
        CancellationToken cancellation)
    {
        if (book.Missing is { } missing)
            return missing;
        var found = await book.Directory.ListAsync(AuthzSubject.Username, query.LikeUsername, page.Skip, page.Limit, cancellation);
        return new PageRows<UserRulesResponse>([.. found.Sets.Select(UserRulesResponse.From)], found.Count, found.HasNext);
    }

    /// <summary>Adds rules for user names that have none yet, all or none.</summary>
    private static async Task<Results<NoContent, ApiFailure>> CreateUserRules(BodyList<UserRulesRequest> request, RuleBook book, CancellationToken cancellation) =>
        await book.AddAsync("User", [.. request.Items.Select(static one => RuleBook.SetOf(AuthzSubject.Username, one.Username, one.Rules))], cancellation) is { } refusal
            ? refusal
            : Answer.NoContent();

    /// <summary>Shows the rules for a user name.</summary>
    /// <param name="username">The name.</param>
    private static async Task<Results<JsonAnswer<UserRulesResponse>, ApiFailure>> GetUserRules(string username, RuleBook book, CancellationToken cancellation)
    {
        if (book.Missing is { } missing)
            return missing;
        var found = await book.Directory.FindAsync(AuthzSubject.Username, username, cancellation);
        return found is null ? Failure.NotFound.Because("Not Found") : Answer.Ok(UserRulesResponse.From(found));
    }

    /// <summary>Puts rules for a user name in place of those that it has.</summary>
    /// <param name="username">The name.</param>
    private static Task<Results<NoContent, ApiFailure>> PutUserRules(string username, UserRulesRequest request, RuleBook book, CancellationToken cancellation) =>
        PutAsync(book, username, RuleBook.SetOf(AuthzSubject.Username, request.Username, request.Rules), cancellation);

    /// <summary>Deletes the rules for a user name.</summary>
    /// <param name="username">The name.</param>
    private static Task<Results<NoContent, ApiFailure>> DeleteUserRules(string username, RuleBook book, CancellationToken cancellation) =>
        DeleteAsync(book, AuthzSubject.Username, username, "Username Not Found", cancellation);

    /// <summary>Lists the rules for client ids, from the last id to the first.</summary>
    private static async Task<Results<PageRows<ClientRulesResponse>, ApiFailure>> ListClientRules(PageQuery page, ClientRulesQuery query, RuleBook book,
        CancellationToken cancellation)
    {
        if (book.Missing is { } missing)
            return missing;
        var found = await book.Directory.ListAsync(AuthzSubject.Clientid, query.LikeClientid, page.Skip, page.Limit, cancellation);
        return new PageRows<ClientRulesResponse>([.. found.Sets.Select(ClientRulesResponse.From)], found.Count, found.HasNext);
    }

    /// <summary>Adds rules for client ids that have none yet, all or none.</summary>
    private static async Task<Results<NoContent, ApiFailure>> CreateClientRules(BodyList<ClientRulesRequest> request, RuleBook book, CancellationToken cancellation) =>
        await book.AddAsync("Client", [.. request.Items.Select(static one => RuleBook.SetOf(AuthzSubject.Clientid, one.Clientid, one.Rules))], cancellation) is { } refusal
            ? refusal
            : Answer.NoContent();

    /// <summary>Shows the rules for a client id.</summary>
    /// <param name="clientid">The id.</param>
    private static async Task<Results<JsonAnswer<ClientRulesResponse>, ApiFailure>> GetClientRules(string clientid, RuleBook book, CancellationToken cancellation)
    {
        if (book.Missing is { } missing)
            return missing;
        var found = await book.Directory.FindAsync(AuthzSubject.Clientid, clientid, cancellation);
        return found is null ? Failure.NotFound.Because("Not Found") : Answer.Ok(ClientRulesResponse.From(found));
    }

    /// <summary>Puts rules for a client id in place of those that it has.</summary>
    /// <param name="clientid">The id.</param>
    private static Task<Results<NoContent, ApiFailure>> PutClientRules(string clientid, ClientRulesRequest request, RuleBook book, CancellationToken cancellation) =>
        PutAsync(book, clientid, RuleBook.SetOf(AuthzSubject.Clientid, request.Clientid, request.Rules), cancellation);

    /// <summary>Deletes the rules for a client id.</summary>
    /// <param name="clientid">The id.</param>
    private static Task<Results<NoContent, ApiFailure>> DeleteClientRules(string clientid, RuleBook book, CancellationToken cancellation) =>
        DeleteAsync(book, AuthzSubject.Clientid, clientid, "ClientID Not Found", cancellation);

    /// <summary>Shows the rules for everybody.</summary>
    private static async Task<Results<JsonAnswer<RulesResponse>, ApiFailure>> GetAllRules(RuleBook book, CancellationToken cancellation)
    {
        if (book.Missing is { } missing)
            return missing;
        var found = await book.Directory.FindAsync(AuthzSubject.All, "", cancellation);
        return Answer.Ok(new RulesResponse(found is null ? [] : RuleResponse.Of(found)));
    }

    /// <summary>Puts rules for everybody in place of those that there are.</summary>
    private static async Task<Results<NoContent, ApiFailure>> PutAllRules(AllRulesRequest request, RuleBook book, CancellationToken cancellation) =>
        await book.PutAsync(RuleBook.SetOf(AuthzSubject.All, "", request.Rules), "The length of rules exceeds the maximum limit.", cancellation) is { } refusal
            ? refusal
            : Answer.NoContent();

    /// <summary>Deletes the rules for everybody.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeleteAllRules(RuleBook book, CancellationToken cancellation)
    {
        if (book.Missing is { } missing)
            return missing;
        await book.Control.DeleteAsync(AuthzSubject.All, "", cancellation);
        return Answer.NoContent();
    }

    private static async Task<Results<NoContent, ApiFailure>> PutAsync(RuleBook book, string name, AuthzRuleSet set, CancellationToken cancellation)
    {
        if (book.Missing is { } missing)
            return missing;
        if (set.Who != name)
            return Failure.BadRequest.Because("The name is not that of the path");
        return await book.PutAsync(set, TooMany, cancellation) is { } refusal ? refusal : Answer.NoContent();
    }

    private static async Task<Results<NoContent, ApiFailure>> DeleteAsync(RuleBook book, AuthzSubject subject, string name, string unknown, CancellationToken cancellation)
    {
        if (book.Missing is { } missing)
            return missing;
        return await book.Control.DeleteAsync(subject, name, cancellation) ? Answer.NoContent() : Failure.NotFound.Because(unknown);
    }
}
